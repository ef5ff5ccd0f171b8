import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { expect } from 'chai';
import { rtRoute } from '../../../lib/families/rt-route.js';
import { rtRule } from '../../../lib/families/rt-rule.js';
import type { TraceEvent } from '../../../lib/index.js';
import { useNamespace } from '../../support/namespace.js';
import { useClients } from './clients.js';
import { useWatchers } from './watcher.js';

/** RTM_GETROUTE and RTM_GETRULE of uapi/linux/rtnetlink.h */
const GET_ROUTE = 26;
const GET_RULE = 34;

describe('live collections, when objects are created during a dump', function () {
  this.timeout(60_000);
  const namespace = useNamespace();
  const watch = useWatchers();
  const closing = useClients();

  /** Runs commands between the first part of the first dump, which the kernel makes with the request, and the next part. */
  function between(type: number, portId: () => number | undefined, lines: readonly string[]): () => void {
    let dumps = 0;
    const onSend = (event: unknown): void => {
      const { message, portId: sender } = event as TraceEvent;
      if (message?.type !== type || sender !== portId() || dumps++ > 0) return;
      queueMicrotask(() => {
        namespace().batch(lines);
      });
    };
    subscribe('rxnetlink:send', onSend);
    return () => unsubscribe('rxnetlink:send', onSend);
  }

  it('hold each rule once', async () => {
    const prefs = Array.from({ length: 300 }, (_, count) => 10_000 + count);
    namespace().batch(prefs.map((pref) => `rule add pref ${String(pref)} lookup 77`));
    const client = closing(rtRule({ netns: namespace().path }));
    const stop = between(
      GET_RULE,
      () => client.socket.portId,
      [1, 2, 3].map((pref) => `rule add pref ${String(pref)} lookup 77`),
    );
    try {
      const rules = await watch(client.watch('getrule', { family: 2 })).has('being in sync');
      expect(rules.flatMap(({ table, priority }) => (table === 77 ? [priority] : []))).to.have.members([1, 2, 3, ...prefs]);
    } finally {
      stop();
    }
  });

  it('hold each IPv6 route once', async () => {
    const networks = Array.from({ length: 1000 }, (_, count) => `fd10:0:0:${(count + 0x1000).toString(16)}::`);
    namespace().batch(['link add d0 type bridge', 'link set d0 up']);
    namespace().batch(networks.map((network) => `route add ${network}/64 dev d0`));
    const client = closing(rtRoute({ netns: namespace().path }));
    const before = ['fc10:0:0:1::', 'fc10:0:0:2::', 'fc10:0:0:3::'];
    const lines = before.map((network) => `route add ${network}/64 dev d0`);
    const stop = between(GET_ROUTE, () => client.socket.portId, lines);
    try {
      const routes = await watch(client.watch('getroute', { rtmFamily: 10, table: 254 })).has('being in sync');
      expect(routes.flatMap(({ dst }) => (dst?.includes('10:0:0:') === true ? [dst] : []))).to.have.members([...before, ...networks]);
    } finally {
      stop();
    }
  });
});
