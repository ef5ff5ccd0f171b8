import { expect } from 'chai';
import { Row } from '../../../lib/network/common/written.js';
import { network, type Network } from '../../../lib/network/network.js';
import type { RouteSpec } from '../../../lib/network/routes/route.js';
import { useNamespace } from '../../support/namespace.js';
import { countWrites, one, shown } from './support.js';

type ShownRoute = Readonly<Record<string, unknown>>;

const V6 = { metric: 1024, pref: 'medium', protocol: 'static' } as const;
const V4 = { protocol: 'static', table: 'main' } as const;

/** Every property that can be written, with a value that is not its default, and what `ip -d -j route` prints for it. */
const CASES: readonly (readonly [RouteSpec, ShownRoute])[] = [
  [
    { to: '10.9.0.0/16', via: '10.1.0.9' },
    { ...V4, type: 'unicast', dst: '10.9.0.0/16', gateway: '10.1.0.9', dev: 'v0', scope: 'global' },
  ],
  [
    { to: '10.9.0.0/16', link: 'v0' },
    { ...V4, dst: '10.9.0.0/16', dev: 'v0', scope: 'link' },
  ],
  [
    { to: '10.9.0.7', link: 'v1' },
    { ...V4, dst: '10.9.0.7', dev: 'v1' },
  ],
  [
    { to: 'default', via: '10.1.0.9' },
    { ...V4, dst: 'default', gateway: '10.1.0.9' },
  ],
  [
    { to: '0.0.0.0/0', link: 'v0' },
    { ...V4, dst: 'default', dev: 'v0' },
  ],
  [
    { to: 'default', family: 4, link: 'v0' },
    { ...V4, dst: 'default', dev: 'v0' },
  ],
  [
    { to: '10.9.0.0/16', via: '203.0.113.7', link: 'v0', onlink: true },
    { gateway: '203.0.113.7', dev: 'v0', flags: ['onlink'] },
  ],
  [
    { to: '10.9.0.0/16', via: 'fe80::9', link: 'v0' },
    { via: { family: 'inet6', host: 'fe80::9' }, dev: 'v0', scope: 'global' },
  ],
  [
    { to: '10.9.0.0/16', hops: [{ via: '10.1.0.9', weight: 3 }, { link: 'v1' }] },
    {
      nexthops: [
        { gateway: '10.1.0.9', dev: 'v0', weight: 3, flags: [] },
        { dev: 'v1', weight: 1, flags: [] },
      ],
    },
  ],
  [
    { to: '10.9.0.0/16', hops: [{ via: '10.1.0.9', weight: 3 }] },
    { gateway: '10.1.0.9', dev: 'v0' },
  ],
  [
    {
      to: '10.9.0.0/16',
      hops: [
        { via: '203.0.113.7', link: 'v0', onlink: true },
        { via: 'fe80::9', link: 'v1', weight: 256 },
      ],
    },
    {
      nexthops: [
        { gateway: '203.0.113.7', dev: 'v0', weight: 1, flags: ['onlink'] },
        { via: { family: 'inet6', host: 'fe80::9' }, dev: 'v1', weight: 256, flags: [] },
      ],
    },
  ],
  [
    { to: '10.9.0.0/16', type: 'blackhole' },
    { type: 'blackhole', scope: 'global' },
  ],
  [{ to: '10.9.0.0/16', type: 'unreachable' }, { type: 'unreachable' }],
  [{ to: '10.9.0.0/16', type: 'prohibit' }, { type: 'prohibit' }],
  [{ to: '10.9.0.0/16', type: 'throw' }, { type: 'throw' }],
  [
    { to: '10.9.0.0/16', type: 'local', link: 'v0' },
    { type: 'local', scope: 'host' },
  ],
  [
    { to: '10.9.0.7', type: 'broadcast', link: 'v0' },
    { type: 'broadcast', scope: 'link' },
  ],
  [{ to: '10.9.0.0/16', link: 'v0', table: 1000 }, { table: '1000' }],
  [{ to: '10.9.0.0/16', link: 'v0', table: 'default' }, { table: 'default' }],
  [{ to: '10.9.0.0/16', link: 'v0', protocol: 'bgp' }, { protocol: 'bgp' }],
  [{ to: '10.9.0.0/16', link: 'v0', protocol: 77 }, { protocol: '77' }],
  [{ to: '10.9.0.0/16', link: 'v0', scope: 'global' }, { scope: 'global' }],
  [{ to: '10.9.0.0/16', via: '10.1.0.9', scope: 'site' }, { scope: 'site' }],
  [{ to: '10.9.0.0/16', link: 'v0', metric: 77 }, { metric: 77 }],
  [{ to: '10.9.0.0/16', link: 'v0', source: '10.1.0.1' }, { prefsrc: '10.1.0.1' }],
  [{ to: '10.9.0.0/16', link: 'v0', tos: 8 }, { tos: '0x08' }],
  [{ to: '10.9.0.0/16', link: 'v0', mtu: 1400 }, { metrics: [{ mtu: 1400 }] }],
  [{ to: '10.9.0.0/16', link: 'v0', mtu: 1400, mtuLocked: true }, { metrics: [{ mtu: 1400 }] }],
  [{ to: '10.9.0.0/16', link: 'v0', advmss: 1200 }, { metrics: [{ advmss: 1200 }] }],
  [{ to: '10.9.0.0/16', link: 'v0', window: 3000 }, { metrics: [{ window: 3000 }] }],
  [{ to: '10.9.0.0/16', link: 'v0', initcwnd: 20 }, { metrics: [{ initcwnd: 20 }] }],
  [{ to: '10.9.0.0/16', link: 'v0', initrwnd: 30 }, { metrics: [{ initrwnd: 30 }] }],
  [{ to: '10.9.0.0/16', link: 'v0', rtoMin: '20ms' }, { metrics: [{ rto_min: 20 }] }],
  [{ to: '10.9.0.0/16', link: 'v0', hoplimit: 33 }, { metrics: [{ hoplimit: 33 }] }],
  [{ to: '10.9.0.0/16', link: 'v0', quickack: true }, { metrics: [{ quickack: 1 }] }],
  [{ to: '10.9.0.0/16', link: 'v0', congestion: 'reno' }, { metrics: [{ congestion: 'reno' }] }],
  [
    { to: '10.9.0.0/16', link: 'v0', encap: { type: 'ip', to: '10.1.0.4', from: '10.1.0.1', id: 5, ttl: 9, tos: 4 } },
    { encap: undefined, encap_type: 'ip', id: 5, src: '10.1.0.1', dst: '10.9.0.0/16', ttl: 9, tos: 4 },
  ],
  [
    { to: 'fd09::/64', via: 'fd01::9' },
    { ...V6, dst: 'fd09::/64', gateway: 'fd01::9', dev: 'v0' },
  ],
  [
    { to: 'fd09::/64', link: 'v1' },
    { ...V6, dev: 'v1' },
  ],
  [
    { to: 'default', via: 'fd01::9' },
    { ...V6, dst: 'default', gateway: 'fd01::9' },
  ],
  [
    { to: '::/0', link: 'v0' },
    { ...V6, dst: 'default', dev: 'v0' },
  ],
  [{ to: 'fd09::/64', link: 'v0', metric: 0 }, { metric: 1024 }],
  [
    { to: 'fd09::/64', link: 'v0', metric: 9, protocol: 'ra', pref: 'high' },
    { metric: 9, protocol: 'ra', pref: 'high' },
  ],
  [{ to: 'fd09::/64', link: 'v0', from: 'fd01::/64' }, { from: 'fd01::/64' }],
  [{ to: 'fd09::/64', link: 'v0', source: 'fd01::1' }, { prefsrc: 'fd01::1' }],
  [{ to: 'fd09::/64', link: 'v0', mtu: 1400, hoplimit: 9 }, { metrics: [{ mtu: 1400, hoplimit: 9 }] }],
  [
    { to: 'fd09::/64', via: 'fd77::9', link: 'v0', onlink: true },
    { gateway: 'fd77::9', flags: ['onlink'] },
  ],
  [
    { to: 'fd09::/64', type: 'blackhole' },
    { type: 'blackhole', dev: 'lo' },
  ],
  [
    { to: 'fd09::/64', type: 'unreachable', metric: 5 },
    { type: 'unreachable', metric: 5 },
  ],
  [
    { to: 'fd09::/64', hops: [{ via: 'fd01::9', weight: 2 }, { via: 'fd01::8' }] },
    {
      nexthops: [
        { gateway: 'fd01::9', dev: 'v0', weight: 2, flags: [] },
        { gateway: 'fd01::8', dev: 'v0', weight: 1, flags: [] },
      ],
    },
  ],
  [
    { to: 'fd09::/64', link: 'v0', encap: { type: 'seg6', mode: 'encap', segments: ['fd01::5', 'fd01::6'] } },
    { encap_type: 'seg6', mode: 'encap', segs: ['fd01::5', 'fd01::6'] },
  ],
  [
    { to: 'fd09::/64', link: 'v0', encap: { type: 'seg6', mode: 'inline', segments: ['fd01::5'] } },
    { encap_type: 'seg6', mode: 'inline' },
  ],
  [
    { to: 'fd09::/64', link: 'v0', encap: { type: 'ip6', to: 'fd01::4', hoplimit: 7, trafficClass: 4, id: 6 } },
    { encap_type: 'ip6', id: 6, hoplimit: 7, tc: 4 },
  ],
];

describe('network().routes', () => {
  const namespace = useNamespace();
  let net: Network;

  /** The routes of the specs, as `ip` prints them; the routes of the kernel are omitted. */
  const judge = (): readonly ShownRoute[] =>
    ['-4', '-6'].flatMap((family) =>
      shown<ShownRoute>(namespace(), `ip ${family} -d -j route show table all`)
        .filter(({ protocol }) => protocol !== 'kernel')
        .map(({ encap, ...row }) => (encap === undefined ? row : { ...(encap as ShownRoute), ...row })),
    );

  before(() => {
    namespace().batch([
      'link add v0 type veth peer v1',
      'link set v0 up',
      'link set v1 up',
      'addr add 10.1.0.1/24 dev v0',
      'addr add fd01::1/64 dev v0 nodad',
      'link property add dev v0 altname an-alternative-name',
    ]);
    net = network({ netns: namespace().path });
  });
  afterEach(async () => {
    const all = await one(net.routes.list());
    const { failed } = await one(net.routes.deleteMany(all.filter(({ protocol }) => protocol !== 'kernel')));
    expect(failed).to.deep.equal([]);
    expect(judge()).to.deep.equal([]);
  });
  after(() => net.close());

  for (const [spec, expected] of CASES) {
    it(`writes ${JSON.stringify(spec)} as ip reads it, and nothing the second time`, async () => {
      const { object, changed } = await one(net.routes.ensure(spec));
      expect(changed.map(({ action }) => action)).to.deep.equal(['add']);
      expect(judge()).to.have.length(1);
      const { encap: _encap, ...properties } = expected as { readonly encap?: unknown };
      expect(judge()[0]).to.deep.include(properties);
      expect(await countWrites(() => one(net.routes.ensure(spec)))).to.equal(0);
      expect(await countWrites(() => one(net.routes.ensure(object)))).to.equal(0);
      const found = await one(net.routes.get(object));
      expect(found).to.deep.equal(object);
      for (const [name, value] of Object.entries(found)) expect([name, value]).to.not.deep.equal([name, null]);
      expect(found[Row].rtmFamily).to.equal(found.family === 4 ? 2 : 10);
      // The object writes the same route again.
      const [before] = judge();
      await one(net.routes.delete(object));
      expect(judge()).to.deep.equal([]);
      await one(net.routes.add(object));
      expect(judge()[0]).to.deep.equal(before);
      expect(await one(net.routes.ensureAbsent(object))).to.equal(true);
      expect(await one(net.routes.ensureAbsent(object))).to.equal(false);
    });
  }

  it('writes a lifetime as ip reads it, and not again while it runs', async () => {
    const spec: RouteSpec = { to: 'fd09::/64', link: 'v0', expires: '1h' };
    const { object } = await one(net.routes.ensure(spec));
    // A lifetime that is two seconds shorter is another one: no program starts in between.
    expect(await countWrites(() => one(net.routes.ensure(spec)))).to.equal(0);
    expect(await countWrites(() => one(net.routes.ensure(object)))).to.equal(0);
    // Seconds may pass before ip reads the rest of the lifetime.
    expect(judge()[0]!['expires']).to.be.within(3569, 3600);
    await one(net.routes.delete(object));
    await one(net.routes.add(object));
    expect(judge()[0]!['expires']).to.be.within(3569, 3600);
  });

  it('locks the mtu, which ip prints only as text', async () => {
    await one(net.routes.add({ to: '10.9.0.0/16', link: 'v0', mtu: 1400, mtuLocked: true }));
    expect(namespace().ip('route show 10.9.0.0/16')).to.include('mtu lock 1400');
    await one(net.routes.ensure({ to: '10.9.0.0/16', mtuLocked: false }));
    expect(namespace().ip('route show 10.9.0.0/16')).to.include('mtu 1400');
    await one(net.routes.ensure({ to: '10.9.0.0/16', mtu: null }));
    expect(namespace().ip('route show 10.9.0.0/16')).to.not.include('mtu');
  });
});
