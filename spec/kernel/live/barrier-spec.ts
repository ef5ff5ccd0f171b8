import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { expect } from 'chai';
import { rtAddr } from '../../../lib/families/rt-addr.js';
import { MessageType, type TraceEvent } from '../../../lib/index.js';
import { useNamespace } from '../../support/namespace.js';
import { pause } from '../../support/sockets.js';
import { useClients } from './clients.js';
import { useWatchers } from './watcher.js';

describe('a live collection', () => {
  const namespace = useNamespace();
  const watch = useWatchers();
  const closing = useClients();

  it('is in sync after it has applied all events that precede the end of its dump, not before', async () => {
    let barriers = 0;
    // The dump has ended. The kernel queues this event before the ack of the barrier; both can be read after the barrier is sent.
    const before = (event: unknown): void => {
      if ((event as TraceEvent).message?.type !== MessageType.Noop || barriers++ > 0) return;
      namespace().batch(['addr del 192.0.2.1/32 dev lo', 'addr add 192.0.2.2/32 dev lo']);
    };
    namespace().ip('addr add 192.0.2.1/32 dev lo');
    subscribe('rxnetlink:send', before);
    try {
      const watcher = watch(closing(rtAddr({ netns: namespace().path })).watch('getaddr', { ifaFamily: 2 }));
      await watcher.has('being in sync');
      await pause();
      expect(barriers).to.equal(1);
      const [first, ...later] = watcher.changes;
      expect(first?.type === 'synced' && first.entries.map(({ local }) => local)).to.deep.equal(['127.0.0.1', '192.0.2.2']);
      expect(later).to.deep.equal([]);
    } finally {
      unsubscribe('rxnetlink:send', before);
    }
  });
});
