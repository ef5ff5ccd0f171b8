import { expect } from 'chai';
import type { Network } from '../../../lib/network/network.js';
import { useRoutes } from './routes.js';
import { countWrites, failure, one, shown } from './support.js';

describe('network().routes: ensure, change and delete', () => {
  const routes = useRoutes();

  it('reads what ip wrote', async () => {
    routes().namespace.batch([
      'route add 10.9.0.0/16 via 10.1.0.9 proto bgp metric 5 mtu lock 1400 rto_min 30ms',
      'route add 10.8.0.0/16 nexthop via 10.1.0.9 weight 3 nexthop dev v1',
      'route add blackhole 10.7.0.0/16 table 77',
      'route add fd09::/64 via fd01::9 pref low',
      'route add unreachable fd08::/64',
    ]);
    const index = (name: string): number => shown<{ readonly ifindex: number }>(routes().namespace, `ip -j link show ${name}`)[0]!.ifindex;
    const found = (await one(routes().net.routes.list())).filter(({ protocol }) => protocol !== 'kernel');
    expect(found).to.have.deep.members([
      {
        ...{ to: '10.9.0.0/16', family: 4, type: 'unicast', via: '10.1.0.9', link: 'v0', linkIndex: index('v0'), table: 'main' },
        ...{ protocol: 'bgp', scope: 'global', metric: 5, mtu: 1400, mtuLocked: true, rtoMin: 30 },
      },
      {
        ...{ to: '10.8.0.0/16', family: 4, type: 'unicast', table: 'main', protocol: 'boot', scope: 'global', metric: 0 },
        hops: [
          { via: '10.1.0.9', link: 'v0', weight: 3 },
          { link: 'v1', weight: 1 },
        ],
      },
      { to: '10.7.0.0/16', family: 4, type: 'blackhole', table: 77, protocol: 'boot', scope: 'global', metric: 0 },
      {
        ...{ to: 'fd09::/64', family: 6, type: 'unicast', via: 'fd01::9', link: 'v0', linkIndex: index('v0'), table: 'main' },
        ...{ protocol: 'boot', metric: 1024, pref: 'low' },
      },
      { to: 'fd08::/64', family: 6, type: 'unreachable', table: 'main', protocol: 'boot', metric: 1024, pref: 'medium' },
    ]);
  });

  it('do not lead to ensure() if another route has the place of a new one', async () => {
    const { net, namespace } = routes();
    namespace.batch(['route add 10.9.0.0/16 via 10.1.0.9 metric 7']);
    const error = await failure(net.routes.add({ to: '10.9.0.0/16', via: '10.1.0.8', metric: 7 }), 'exists');
    expect(error.message).to.equal(
      'cannot add route 10.9.0.0/16 via 10.1.0.8 metric 7: a route with this destination, table and metric exists; another metric ' +
        'adds a second one, replace() changes it, ensure() accepts the same route (EEXIST)',
    );
    expect(error.code).to.equal('EEXIST');
  });

  it('name the missing property of a key', async () => {
    const { net } = routes();
    const key = { table: 77 } as never;
    for (const verb of [net.routes.get(key), net.routes.delete(key), net.routes.ensureAbsent({} as never)]) {
      const error = await failure(verb, 'invalid');
      expect([error.path, error.message.endsWith('to: is required')], error.message).to.deep.equal(['to', true]);
    }
    const error = await failure(net.nexthops.delete({} as never), 'invalid');
    expect([error.path, error.message.endsWith('id: is required')], error.message).to.deep.equal(['id', true]);
  });

  it('writes nothing for any route that it reads, those of the kernel included', async () => {
    const all = await one(routes().net.routes.list());
    expect(all.length).to.be.greaterThan(10);
    expect(await countWrites(() => one(routes().net.routes.ensureMany(all)))).to.equal(0);
    for (const route of all) expect(await one(routes().net.routes.get(route))).to.deep.equal(route);
  });

  it('filters by table, version, protocol and absence; a table that does not exist is empty', async () => {
    routes().namespace.batch([
      'route add 10.9.0.0/16 via 10.1.0.9 table 77',
      'route add blackhole 10.8.0.0/16 table 77',
      'route add fd09::/64 dev v0 table 77',
    ]);
    const list = async (filter: Parameters<Network['routes']['list']>[0]) =>
      (await one(routes().net.routes.list(filter))).map(({ to }) => to);
    expect(await list({ table: 77 })).to.have.members(['10.9.0.0/16', '10.8.0.0/16', 'fd09::/64']);
    expect(await list({ table: 77, family: 4, via: null })).to.deep.equal(['10.8.0.0/16']);
    expect(await list({ table: 77, type: 'blackhole' })).to.deep.equal(['10.8.0.0/16']);
    expect(await list({ table: 77, link: 'v0' })).to.have.members(['10.9.0.0/16', 'fd09::/64']);
    expect(await list({ table: 78 })).to.deep.equal([]);
    expect(await list({ protocol: 'boot', family: 6 })).to.deep.equal(['fd09::/64']);
  });

  it('exchanges the way in place, keeps the rest, and keeps a foreign protocol', async () => {
    routes().namespace.ip('route add 10.9.0.0/16 via 10.1.0.9 proto bgp mtu 1400 src 10.1.0.1 realms 7');
    const { changed } = await one(routes().net.routes.ensure({ to: '10.9.0.0/16', via: '10.2.0.9' }));
    expect(changed.map(({ text }) => text)).to.deep.equal(['~ route 10.9.0.0/16 via 10.2.0.9 dev v1: via 10.1.0.9 -> 10.2.0.9']);
    expect(routes().judge('10.9.0.0/16')).to.deep.equal([
      {
        ...{ type: 'unicast', dst: '10.9.0.0/16', gateway: '10.2.0.9', dev: 'v1', table: 'main', protocol: 'bgp', scope: 'global' },
        ...{ prefsrc: '10.1.0.1', flags: [], metrics: [{ mtu: 1400 }], flow: { to: '7' } },
      },
    ]);
  });

  it('walks between all kinds of ways', async () => {
    for (const to of ['10.9.0.0/16', 'fd09::/64']) {
      const [family, one1, two] = to.startsWith('10') ? ([4, '10.1.0.9', '10.1.0.8'] as const) : ([6, 'fd01::9', 'fd01::8'] as const);
      const steps = [
        [{ via: one1 }, { gateway: one1 }],
        [{ hops: [{ via: one1 }, { via: two, weight: 2 }] }, { nexthops: [one1, two] }],
        [{ type: 'blackhole' }, { type: 'blackhole' }],
        [{ via: two, type: 'unicast' }, { gateway: two }],
        [{ type: 'unreachable' }, { type: 'unreachable' }],
        [{ via: two }, { gateway: two }],
        [
          { via: two, mtu: 1400 },
          { gateway: two, mtu: 1400 },
        ],
        [{ hops: [{ via: two }, { via: one1 }], mtu: null }, { nexthops: [two, one1] }],
        [{ via: one1 }, { gateway: one1 }],
      ] as const;
      for (const [part, expected] of steps) {
        await one(routes().net.routes.ensure({ to, ...part }));
        expect(routes().ways(to, family), JSON.stringify(part)).to.deep.equal([expected]);
        expect(await countWrites(() => one(routes().net.routes.ensure({ to, ...part })))).to.equal(0);
      }
    }
  });

  it('compares hops in any order', async () => {
    const spec = { to: '10.9.0.0/16', hops: [{ via: '10.1.0.9', weight: 2 }, { via: '10.1.0.8' }, { via: '10.1.0.9', weight: 2 }] };
    await one(routes().net.routes.add(spec));
    expect(routes().ways('10.9.0.0/16')).to.deep.equal([{ nexthops: ['10.1.0.9', '10.1.0.8', '10.1.0.9'] }]);
    expect(await countWrites(() => one(routes().net.routes.ensure({ ...spec, hops: [...spec.hops].reverse() })))).to.equal(0);
    expect(await countWrites(() => one(routes().net.routes.ensure({ ...spec, hops: spec.hops.slice(1) })))).to.equal(1);
  });

  it('adds a second metric beside the first, and deletes the one of the key', async () => {
    for (const [to, via, family] of [
      ['10.9.0.0/16', '10.1.0.9', 4],
      ['fd09::/64', 'fd01::9', 6],
    ] as const) {
      await one(routes().net.routes.ensure({ to, via }));
      await one(routes().net.routes.ensure({ to, via, metric: 2000 }));
      const error = await failure(routes().net.routes.delete({ to }), 'ambiguous');
      expect(error.message).to.include(`matches 2 objects: ${to} via ${via} dev v0, ${to} via ${via} dev v0 metric 2000`);
      // Without the metric in the request, the kernel would delete the first IPv6 route.
      const was = await one(routes().net.routes.delete({ to, metric: 2000 }));
      expect(was.metric).to.equal(2000);
      expect(
        routes()
          .judge(to, family)
          .map(({ metric }) => metric),
      ).to.deep.equal([family === 4 ? undefined : 1024]);
      await one(routes().net.routes.delete({ to }));
    }
  });

  it('never merges an IPv6 route silently into another one', async () => {
    routes().namespace.ip('-6 route add fd09::/64 via fd01::9 proto bgp');
    const error = await failure(routes().net.routes.add({ to: 'fd09::/64', via: 'fd01::8' }), 'exists');
    expect(error.message).to.match(/^cannot add route fd09::\/64 via fd01::8: .*EEXIST/);
    expect(routes().ways('fd09::/64', 6)).to.deep.equal([{ gateway: 'fd01::9' }]);
  });

  it('takes one of several IPv4 routes of a slot that is as wanted, else it is ambiguous', async () => {
    routes().namespace.batch([
      'route add 10.9.0.0/16 via 10.1.0.9',
      'route append 10.9.0.0/16 via 10.1.0.8',
      'route append blackhole 10.9.0.0/16',
    ]);
    expect(await countWrites(() => one(routes().net.routes.ensure({ to: '10.9.0.0/16', via: '10.1.0.8' })))).to.equal(0);
    const error = await failure(routes().net.routes.ensure({ to: '10.9.0.0/16', via: '10.1.0.7' }), 'ambiguous');
    expect(error.message).to.include('10.9.0.0/16 via 10.1.0.9 dev v0, 10.9.0.0/16 via 10.1.0.8 dev v0, blackhole 10.9.0.0/16');
    const many = await one(
      routes().net.routes.ensureMany([
        { to: '10.9.0.0/16', via: '10.1.0.8' },
        { to: '10.9.0.0/16', via: '10.1.0.7' },
      ]),
    );
    expect(many.failed.map(({ index, error: { reason } }) => [index, reason])).to.deep.equal([[1, 'ambiguous']]);
    await one(routes().net.routes.delete({ to: '10.9.0.0/16', type: 'blackhole' }));
    expect(routes().ways('10.9.0.0/16')).to.deep.equal([{ gateway: '10.1.0.9' }, { gateway: '10.1.0.8' }]);
  });

  it('never changes the first route of a slot in place of another one', async () => {
    routes().namespace.batch(['route add 10.9.0.0/16 via 10.1.0.9', 'route append 10.9.0.0/16 via 10.1.0.8']);
    const key = { to: '10.9.0.0/16', via: '10.1.0.8' };
    const error = await failure(routes().net.routes.change(key, { mtu: 1400 }), 'unsupported');
    expect(error.path).to.equal('mtu');
    await one(routes().net.routes.change(key, { mtu: 1400 }, { recreate: true }));
    expect(routes().ways('10.9.0.0/16')).to.deep.equal([{ gateway: '10.1.0.9' }, { gateway: '10.1.0.8', mtu: 1400 }]);
    await one(routes().net.routes.change({ to: '10.9.0.0/16', via: '10.1.0.9' }, { mtu: 1300 }));
    expect(routes().ways('10.9.0.0/16')).to.deep.equal([
      { gateway: '10.1.0.9', mtu: 1300 },
      { gateway: '10.1.0.8', mtu: 1400 },
    ]);
  });

  it('leaves a change of what names the route to add and delete', async () => {
    await one(routes().net.routes.add({ to: '10.9.0.0/16', via: '10.1.0.9' }));
    for (const part of [{ metric: 5 }, { table: 77 }, { tos: 4 }, { to: '10.8.0.0/16' }])
      expect((await failure(routes().net.routes.change({ to: '10.9.0.0/16' }, part), 'invalid')).path).to.equal(Object.keys(part)[0]);
    await failure(routes().net.routes.change({ to: '10.8.0.0/16' }, { mtu: 1400 }), 'missing');
  });

  it('accepts an alternative name of a link, also in hops and keys', async () => {
    const spec = { to: '10.9.0.0/16', hops: [{ link: 'an-alternative-name', via: '10.1.0.9' }, { link: 'v1' }] };
    await one(routes().net.routes.ensure(spec));
    expect(await countWrites(() => one(routes().net.routes.ensure(spec)))).to.equal(0);
    expect((await one(routes().net.routes.get(spec))).hops?.map(({ link }) => link)).to.deep.equal(['v0', 'v1']);
  });

  it('reports and deletes a route whose link another process has added since', async () => {
    routes().namespace.batch(['link add w0 type veth peer w1', 'link set w0 up', 'link set w1 up', 'route add 10.9.0.0/16 dev w0']);
    expect((await one(routes().net.routes.delete({ to: '10.9.0.0/16' }))).link).to.equal('w0');
    routes().namespace.ip('link del w0');
  });
});
