import { expect } from 'chai';
import { toMap } from '../../../lib/index.js';
import { rtAddr } from '../../../lib/families/rt-addr.js';
import { rtLink } from '../../../lib/families/rt-link.js';
import { rtRoute } from '../../../lib/families/rt-route.js';
import { rtRule } from '../../../lib/families/rt-rule.js';
import { useNamespace } from '../../support/namespace.js';
import { until } from '../../support/sockets.js';
import { useClients } from './clients.js';

describe('keyOf', () => {
  const namespace = useNamespace();
  const closing = useClients();

  /** Returns the number of objects that ip(8) lists. */
  const count = (line: string): number => (JSON.parse(namespace().ip(line)) as unknown[]).length;

  before(() => {
    namespace().batch(['link add k0 type veth peer name k1', 'link set k0 up', 'link set k1 up', 'addr add 10.0.0.1/24 dev k0']);
  });

  it('gives routes of one slot different names, and each keeps its name while others of the slot come and go', async () => {
    const client = closing(rtRoute({ netns: namespace().path }));
    namespace().batch(['route add 192.0.2.0/24 via 10.0.0.2', 'route append 192.0.2.0/24 via 10.0.0.3']);
    let routes: ReadonlyMap<string, { gateway?: string }> = new Map();
    const lease = client
      .watch('getroute', { rtmFamily: 2, table: 254 })
      .pipe(toMap(client.keyOf('getroute', { rtmFamily: 2, table: 254 })))
      .subscribe((map) => (routes = map));
    /** Returns the names of the routes to 192.0.2.0/24 by their gateways. */
    const names = (): Record<string, string> =>
      Object.fromEntries([...routes].flatMap(([name, { gateway }]) => (gateway === undefined ? [] : [[gateway, name]])));
    const settled = (gateways: string): Promise<void> =>
      until(`gateways ${gateways}`, () => Object.keys(names()).sort().join(' ') === gateways);

    await settled('10.0.0.2 10.0.0.3');
    const first = names();
    expect(new Set(Object.values(first)).size).to.equal(2);
    namespace().ip('route append 192.0.2.0/24 via 10.0.0.4');
    await settled('10.0.0.2 10.0.0.3 10.0.0.4');
    const second = names();
    expect(second).to.include(first);
    expect(new Set(Object.values(second)).size).to.equal(3);
    expect(routes.size).to.equal(count('-j -4 route'));

    namespace().ip('route del 192.0.2.0/24 via 10.0.0.2');
    await settled('10.0.0.3 10.0.0.4');
    expect(names()).to.deep.equal({ '10.0.0.3': second['10.0.0.3'], '10.0.0.4': second['10.0.0.4'] });
    // A replacement is a change of the first route of the slot: it keeps the name.
    namespace().ip('route replace 192.0.2.0/24 via 10.0.0.5');
    await settled('10.0.0.4 10.0.0.5');
    expect(names()).to.deep.equal({ '10.0.0.5': second['10.0.0.3'], '10.0.0.4': second['10.0.0.4'] });

    // Another dump assigns the same names: flushed routes come without events.
    namespace().ip('link set k0 mtu 1400');
    namespace().ip('route append 192.0.2.0/24 via 10.0.0.6');
    await settled('10.0.0.4 10.0.0.5 10.0.0.6');
    namespace().ip('addr add 10.7.0.1/24 dev k0');
    namespace().ip('addr del 10.7.0.1/24 dev k0');
    await new Promise((resolve) => setTimeout(resolve, 150));
    expect(names()).to.include({ '10.0.0.5': second['10.0.0.3'], '10.0.0.4': second['10.0.0.4'] });
    expect(new Set(Object.values(names())).size).to.equal(3);
    expect(routes.size).to.equal(count('-j -4 route'));
    lease.unsubscribe();
  });

  it('gives equal rules different names, so that a map holds all of them', async () => {
    const client = closing(rtRule({ netns: namespace().path }));
    let rules: ReadonlyMap<string, object> = new Map();
    const lease = client
      .watch('getrule', { family: 2 })
      .pipe(toMap(client.keyOf('getrule')))
      .subscribe((map) => (rules = map));
    await until('the rules', () => rules.size === count('-j -4 rule'));
    // Without NLM_F_EXCL the kernel adds an equal rule.
    const rule = { family: 2, srcLen: 32, dstLen: 0, tos: 0, action: 'to-tbl', table: 77, src: '10.0.0.9', priority: 900 } as const;
    const before = new Set(rules.keys());
    for (let copy = 0; copy < 3; copy++) client.doSync('newrule', rule, { create: true });
    await until('three equal rules', () => rules.size === before.size + 3);
    expect(rules.size).to.equal(count('-j -4 rule'));
    const added = new Set([...rules.keys()].filter((name) => !before.has(name)));
    client.doSync('delrule', rule);
    await until('two equal rules', () => rules.size === before.size + 2);
    expect(count('-j -4 rule')).to.equal(rules.size);
    for (const name of rules.keys()) expect(before.has(name) || added.has(name), name).to.equal(true);
    lease.unsubscribe();
  });

  it('keeps the name of a link that is renamed, and names addresses', async () => {
    const links = closing(rtLink({ netns: namespace().path }));
    const addresses = closing(rtAddr({ netns: namespace().path }));
    const [{ ifindex }] = JSON.parse(namespace().ip('-j link show k1')) as [{ readonly ifindex: number }];
    const named = links.listSync('getlink').map((row) => [row.ifname, links.keyOf('getlink')(row)]);
    expect(named).to.deep.include(['k1', String(ifindex)]);
    namespace().batch(['link set k1 down', 'link set k1 name k2']);
    expect(links.listSync('getlink').map((row) => [row.ifname, links.keyOf('getlink')(row)])).to.deep.include(['k2', String(ifindex)]);
    const keys = addresses.listSync('getaddr').map(addresses.keyOf('getaddr'));
    expect(new Set(keys).size).to.equal(keys.length);
    expect(() => links.keyOf('getstats' as never)).to.throw(TypeError, 'getstats cannot be watched');
  });
});
