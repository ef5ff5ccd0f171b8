import { expect } from 'chai';
import type { NexthopSpec } from '../../../lib/network/nexthops/nexthop.js';
import { countWrites, failure, one, shown } from './support.js';
import { useRoutes, type ShownRoute } from './routes.js';

/** Every property that can be written, with a value that is not its default, and what `ip -d -j nexthop` prints for it. */
const CASES: readonly (readonly [NexthopSpec, ShownRoute])[] = [
  [
    { id: 7, via: '10.1.0.9', link: 'v0' },
    { id: 7, gateway: '10.1.0.9', dev: 'v0', protocol: 'static' },
  ],
  [{ id: 7, link: 'v1' }, { dev: 'v1' }],
  [
    { id: 7, via: 'fd01::9', link: 'v0' },
    { gateway: 'fd01::9', dev: 'v0' },
  ],
  [
    { id: 7, via: '203.0.113.7', link: 'v0', onlink: true },
    { gateway: '203.0.113.7', flags: ['onlink'] },
  ],
  [{ id: 7, blackhole: true }, { blackhole: null }],
  [{ id: 7, blackhole: true, family: 6 }, { blackhole: null }],
  [
    { id: 7, via: '10.1.0.9', fdb: true },
    { gateway: '10.1.0.9', fdb: null },
  ],
  [{ id: 7, link: 'v0', protocol: 'bgp' }, { protocol: 'bgp' }],
  [
    { id: 7, link: 'v0', encap: { type: 'ip', to: '10.1.0.4', id: 5, ttl: 9 } },
    { encap: { encap_type: 'ip', id: 5, src: '0.0.0.0', dst: '10.1.0.4', ttl: 9, tos: 0 } },
  ],
  [{ id: 7, group: [{ id: 1 }, { id: 2, weight: 3 }] }, { group: [{ id: 1 }, { id: 2, weight: 3 }] }],
  [
    {
      id: 7,
      group: [
        { id: 1, weight: 300 },
        { id: 2, weight: 65_535 },
      ],
    },
    {
      group: [
        { id: 1, weight: 300 },
        { id: 2, weight: 65_535 },
      ],
    },
  ],
  [
    { id: 7, group: [{ id: 1 }], resilient: { buckets: 32, idleTimer: '1m', unbalancedTimer: '5m' } },
    { type: 'resilient', resilient_args: { buckets: 32, idle_timer: 60, unbalanced_timer: 300, unbalanced_time: 0 } },
  ],
];

describe('network().nexthops', () => {
  const routes = useRoutes();
  const judge = (): readonly ShownRoute[] =>
    shown<ShownRoute>(routes().namespace, 'ip -d -j nexthop').filter(({ id }) => id !== 1 && id !== 2);

  before(() => routes().namespace.batch(['nexthop add id 1 via 10.1.0.8 dev v0', 'nexthop add id 2 via 10.2.0.8 dev v1']));
  afterEach(async () => {
    const all = await one(routes().net.nexthops.list());
    await one(routes().net.nexthops.deleteMany(all.filter(({ id }) => id > 2).sort((first, second) => second.id - first.id)));
    expect(judge()).to.deep.equal([]);
  });

  for (const [spec, expected] of CASES) {
    it(`writes ${JSON.stringify(spec)} as ip reads it, and nothing the second time`, async () => {
      const { nexthops } = routes().net;
      const { object, changed } = await one(nexthops.ensure(spec));
      expect(changed.map(({ action }) => action)).to.deep.equal(['add']);
      const [before] = judge();
      expect(before).to.deep.include(expected);
      expect(await countWrites(() => one(nexthops.ensure(spec)))).to.equal(0);
      expect(await countWrites(() => one(nexthops.ensure(object)))).to.equal(0);
      expect(await one(nexthops.get({ id: 7 }))).to.deep.equal(object);
      expect(await one(nexthops.delete(object))).to.deep.equal(object);
      expect(judge()).to.deep.equal([]);
      await one(nexthops.add(object));
      expect(judge()[0]).to.deep.equal(before);
      expect(await one(nexthops.ensureAbsent(object))).to.equal(true);
      expect(await one(nexthops.ensureAbsent(object))).to.equal(false);
    });
  }

  it('changes the way in place and keeps the protocol, which the kernel resets when a change omits it', async () => {
    const { nexthops } = routes().net;
    await one(nexthops.add({ id: 7, via: '10.1.0.9', link: 'v0', protocol: 'bgp' }));
    const { changed } = await one(nexthops.ensure({ id: 7, via: '10.1.0.7' }));
    expect(changed.map(({ text }) => text)).to.deep.equal(['~ nexthop 7 via 10.1.0.7 dev v0: via 10.1.0.9 -> 10.1.0.7']);
    expect(judge()[0]).to.include({ gateway: '10.1.0.7', dev: 'v0', protocol: 'bgp' });
    await one(nexthops.change({ id: 7 }, { via: 'fd01::9' }));
    expect(judge()[0]).to.include({ gateway: 'fd01::9', protocol: 'bgp' });
    await one(nexthops.change({ id: 7 }, { blackhole: true }));
    expect(judge()[0]).to.include({ blackhole: null, protocol: 'bgp' });
    await one(nexthops.change({ id: 7 }, { link: 'v1' }));
    expect(judge()[0]).to.include({ dev: 'v1', protocol: 'bgp' });
  });

  it('changes the members of a group, compared in any order', async () => {
    const { nexthops } = routes().net;
    await one(nexthops.add({ id: 7, group: [{ id: 1 }, { id: 2, weight: 4 }] }));
    expect(await countWrites(() => one(nexthops.ensure({ id: 7, group: [{ id: 2, weight: 4 }, { id: 1 }] })))).to.equal(0);
    await one(nexthops.ensure({ id: 7, group: [{ id: 2, weight: 5 }] }));
    expect(judge()[0]!.group).to.deep.equal([{ id: 2, weight: 5 }]);
  });

  it('changes the timers of a resilient group, but not its buckets', async () => {
    const { nexthops } = routes().net;
    await one(nexthops.add({ id: 7, group: [{ id: 1 }], resilient: { buckets: 32, idleTimer: '1m' } }));
    await one(nexthops.ensure({ id: 7, resilient: { unbalancedTimer: '2m' } }));
    await one(nexthops.ensure({ id: 7, group: [{ id: 1 }, { id: 2 }] }));
    expect(judge()[0]!.resilient_args).to.include({ buckets: 32, idle_timer: 60, unbalanced_timer: 120 });
    expect((await failure(nexthops.ensure({ id: 7, resilient: { buckets: 64 } }), 'unsupported')).path).to.equal('resilient');
    await one(nexthops.ensure({ id: 7, resilient: { buckets: 64 } }, { recreate: true }));
    expect(judge()[0]!.resilient_args).to.include({ buckets: 64, idle_timer: 60, unbalanced_timer: 120 });
  });

  it('refuses to make a group of a single nexthop without recreate', async () => {
    const { nexthops } = routes().net;
    await one(nexthops.add({ id: 7, link: 'v0' }));
    const error = await failure(nexthops.ensure({ id: 7, group: [{ id: 1 }] }), 'unsupported');
    expect(error.path).to.equal('group');
    await one(nexthops.ensure({ id: 7, group: [{ id: 1 }] }, { recreate: true }));
    expect(judge()[0]!.group).to.deep.equal([{ id: 1 }]);
    await failure(nexthops.ensure({ id: 7, link: 'v0' }), 'unsupported');
  });

  it('replaces the whole nexthop without reading', async () => {
    const { nexthops } = routes().net;
    await one(nexthops.replace({ id: 7, link: 'v0', protocol: 'bgp' }));
    expect(await one(nexthops.replace({ id: 7, via: '10.1.0.9', link: 'v0' }))).to.include({ via: '10.1.0.9', protocol: 'static' });
    expect(judge()[0]).to.include({ gateway: '10.1.0.9', protocol: 'static' });
    const { written } = await one(
      nexthops.replaceMany([
        { id: 7, link: 'v1' },
        { id: 8, link: 'v0' },
      ]),
    );
    expect(written).to.equal(2);
    expect(judge().map(({ dev }) => dev)).to.deep.equal(['v1', 'v0']);
  });

  it('replaces and changes a nexthop that routes use, for which the kernel echoes the routes too', async () => {
    const { nexthops, routes: table } = routes().net;
    const members = (): unknown => judge()[0]!.group;
    await one(nexthops.add({ id: 7, group: [{ id: 1 }, { id: 2, weight: 3 }] }));
    await one(table.add({ to: '10.9.0.0/16', nexthop: 7 }));
    expect(await one(nexthops.replace({ id: 7, group: [{ id: 1 }] }))).to.deep.include({ id: 7, group: [{ id: 1, weight: 1 }] });
    expect(members()).to.deep.equal([{ id: 1 }]);
    await one(nexthops.change({ id: 7 }, { group: [{ id: 2 }] }));
    expect(members()).to.deep.equal([{ id: 2 }]);
    expect(await one(nexthops.replaceMany([{ id: 7, group: [{ id: 1 }, { id: 2 }] }]))).to.deep.equal({ written: 1, failed: [] });
    expect(members()).to.deep.equal([{ id: 1 }, { id: 2 }]);
  });

  it('carries routes, which show the hops of the nexthop', async () => {
    const { nexthops, routes: table } = routes().net;
    await one(nexthops.add({ id: 7, group: [{ id: 1 }, { id: 2, weight: 3 }] }));
    await one(nexthops.add({ id: 8, blackhole: true }));
    await one(nexthops.add({ id: 9, via: 'fd01::9', link: 'v0' }));
    const { object } = await one(table.ensure({ to: '10.9.0.0/16', nexthop: 7 }));
    expect(object.nexthopHops).to.deep.equal([
      { via: '10.1.0.8', link: 'v0', weight: 1 },
      { via: '10.2.0.8', link: 'v1', weight: 3 },
    ]);
    expect(routes().judge('10.9.0.0/16')[0]).to.include({ nhid: 7, scope: 'global' });
    expect(await countWrites(() => one(table.ensure(object)))).to.equal(0);
    const blackhole = (await one(table.ensure({ to: '10.9.0.0/16', nexthop: 8 }))).object;
    expect(blackhole).to.include({ type: 'blackhole', nexthop: 8 });
    expect(await countWrites(() => one(table.ensure(blackhole)))).to.equal(0);
    await one(table.ensure({ to: '10.9.0.0/16', nexthop: 9 }));
    expect((await one(table.get({ to: '10.9.0.0/16' }))).nexthopHops).to.deep.equal([{ via: 'fd01::9', link: 'v0' }]);
    await one(table.ensure({ to: '10.9.0.0/16', via: '10.1.0.9' }));
    expect(routes().ways('10.9.0.0/16')).to.deep.equal([{ gateway: '10.1.0.9' }]);
    await one(table.ensure({ to: 'fd09::/64', nexthop: 9 }));
    expect(await one(table.get({ to: 'fd09::/64' }))).to.include({ nexthop: 9 });
    expect((await failure(table.addHop({ to: 'fd09::/64' }, { via: 'fd01::7' }), 'invalid')).message).to.include('change the nexthop');
    expect((await failure(table.add({ to: '10.8.0.0/16', nexthop: 7, via: '10.1.0.9' }), 'invalid')).path).to.equal('via');
  });

  it('names the nexthop and the remedy in each error', async () => {
    const { nexthops } = routes().net;
    const texts = [
      [nexthops.add({ id: 1, link: 'v0' }), 'exists', 'cannot add nexthop 1 dev v0'],
      [nexthops.add({ id: 7, via: '10.1.0.9' }), 'invalid', 'link: a nexthop needs a link, or a group, or blackhole'],
      [nexthops.add({ id: 7, group: [] }), 'invalid', 'group: a group has at least one member'],
      [nexthops.add({ id: 7, group: [{ id: 1 }, { id: 1 }] }), 'invalid', 'group[1]: nexthop 1 is in the group already'],
      [nexthops.add({ id: 7, group: [{ id: 1 }], link: 'v0' }), 'invalid', 'link: a group has members only'],
      [nexthops.add({ id: 7, blackhole: true, link: 'v0' }), 'invalid', 'link: a blackhole leads nowhere'],
      [nexthops.add({ id: 7, group: [{ id: 99 }] }), 'invalid', 'EINVAL'],
      [nexthops.add({ id: 7, link: 'v7' }), 'unknown-name', "link: no link is named 'v7'"],
      [nexthops.add({ id: 0, link: 'v0' }), 'invalid', 'id: expected an integer from 1'],
      [nexthops.add({ id: 7, via: 'fd01::9', family: 4, link: 'v0' }), 'invalid', "via: expected an IPv4 address, not 'fd01::9'"],
      [nexthops.get({ id: 7 }), 'missing', 'cannot get nexthop 7: it does not exist'],
      [nexthops.delete({ id: 7 }), 'missing', 'cannot delete nexthop 7: it does not exist'],
      [nexthops.change({ id: 1 }, { id: 3 }), 'invalid', 'id: it identifies the nexthop'],
    ] as const;
    for (const [verb, reason, text] of texts) expect((await failure(verb, reason)).message).to.include(text);
    expect(await one(nexthops.list({ link: 'v0' }))).to.have.length(1);
    expect(await one(nexthops.list({ via: null }))).to.have.length(0);
  });
});
