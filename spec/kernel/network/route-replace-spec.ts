import { expect } from 'chai';
import { useRoutes } from './routes.js';
import { countWrites, failure, one, shown } from './support.js';

describe('network().routes: replace, hops, lookup and errors', () => {
  const routes = useRoutes();

  it('replaces the whole route without reading', async () => {
    for (const [to, via, other, family] of [
      ['10.9.0.0/16', '10.1.0.9', '10.1.0.8', 4],
      ['fd09::/64', 'fd01::9', 'fd01::8', 6],
    ] as const) {
      expect((await one(routes().net.routes.replace({ to, via, mtu: 1400 }))).link).to.equal('v0');
      const replaced = await one(routes().net.routes.replace({ to, hops: [{ via }, { via: other }] }));
      expect(replaced.hops).to.have.length(2);
      expect(replaced).to.not.have.property('mtu');
      expect(routes().ways(to, family)).to.deep.equal([{ nexthops: [via, other] }]);
      expect(await one(routes().net.routes.replace({ to, via: other }))).to.include({ via: other, link: 'v0' });
      // The kernel sends no echo for an IPv4 route that is the same.
      expect(await one(routes().net.routes.replace({ to, via: other }))).to.include({ via: other, link: 'v0' });
      expect(routes().ways(to, family)).to.deep.equal([{ gateway: other }]);
    }
  });

  it('fails to replace a route by another one of its slot', async () => {
    routes().namespace.batch(['route add 10.9.0.0/16 via 10.1.0.9 proto static', 'route append 10.9.0.0/16 via 10.1.0.8 proto static']);
    await failure(routes().net.routes.replace({ to: '10.9.0.0/16', via: '10.1.0.8' }), 'exists');
    await one(routes().net.routes.replace({ to: '10.9.0.0/16', via: '10.1.0.7' }));
    expect(routes().ways('10.9.0.0/16')).to.deep.equal([{ gateway: '10.1.0.7' }, { gateway: '10.1.0.8' }]);
  });

  it('adds and removes hops', async () => {
    for (const [to, first, second, third, family] of [
      ['10.9.0.0/16', '10.1.0.9', '10.1.0.8', '10.1.0.7', 4],
      ['fd09::/64', 'fd01::9', 'fd01::8', 'fd01::7', 6],
    ] as const) {
      await one(routes().net.routes.add({ to, via: first, protocol: 'bgp' }));
      const { changed, object } = await one(routes().net.routes.addHop({ to }, { via: second, weight: 4 }));
      expect(changed).to.have.length(1);
      expect(object.hops).to.have.deep.members([
        { via: first, link: 'v0', weight: 1 },
        { via: second, link: 'v0', weight: 4 },
      ]);
      await one(routes().net.routes.addHop({ to }, { via: third, link: 'an-alternative-name' }));
      expect(routes().ways(to, family)).to.deep.equal([{ nexthops: [first, second, third] }]);
      expect(await countWrites(() => one(routes().net.routes.addHop({ to }, { via: third, link: 'an-alternative-name' })))).to.equal(0);
      await one(routes().net.routes.removeHop({ to }, { via: first }));
      expect(await countWrites(() => one(routes().net.routes.removeHop({ to }, { via: first })))).to.equal(0);
      await one(routes().net.routes.removeHop({ to }, { via: third }));
      expect(routes().judge(to, family)[0]).to.include({ gateway: second, protocol: 'bgp' });
      expect((await failure(routes().net.routes.removeHop({ to }, { via: second }), 'invalid')).message).to.include('delete the route');
    }
  });

  it('finds the route of a packet', async () => {
    routes().namespace.batch([
      'route add 10.9.0.0/16 via 10.1.0.9 src 10.1.0.1',
      'route add 10.8.0.0/16 dev v1 table 77',
      'rule add fwmark 7 table 77 prio 100',
    ]);
    try {
      const found = await one(routes().net.routes.lookup('10.9.0.5'));
      expect(found).to.include({ to: '10.9.0.5/32', via: '10.1.0.9', link: 'v0', source: '10.1.0.1', table: 'main' });
      const [byIp] = shown(routes().namespace, 'ip -j route get 10.9.0.5');
      expect(byIp).to.include({ gateway: found.via, dev: found.link, prefsrc: found.source });
      expect(await one(routes().net.routes.lookup('10.8.0.5', { mark: 7 }))).to.include({ link: 'v1', table: 77 });
      await failure(routes().net.routes.lookup('10.8.0.5'), 'unreachable');
      expect(await one(routes().net.routes.lookup('fd01::5'))).to.include({ link: 'v0', family: 6 });
      expect(await one(routes().net.routes.lookup('10.9.0.5', { source: '10.2.0.1' }))).to.include({ link: 'v0' });
      routes().namespace.batch([
        'route add blackhole 10.11.0.0/16',
        'route add prohibit 10.12.0.0/16',
        'route add unreachable 10.13.0.0/16',
      ]);
      expect((await failure(routes().net.routes.lookup('10.11.0.1'), 'unreachable')).message).to.match(/blackhole/);
      expect((await failure(routes().net.routes.lookup('10.12.0.1'), 'unreachable')).message).to.match(/prohibit/);
      await failure(routes().net.routes.lookup('10.13.0.1'), 'unreachable');
      await failure(routes().net.routes.lookup('10.9.0.5', { iif: 'v7' }), 'unknown-name');
      await failure(routes().net.routes.lookup('10.9.0.0/16'), 'invalid');
    } finally {
      routes().namespace.ip('rule del prio 100');
    }
  });

  it('names the route and the remedy in each error', async () => {
    const { routes: table } = routes().net;
    const texts = [
      [
        table.add({ to: '192.0.2.0/24', via: '203.0.113.7' }),
        'unreachable',
        'cannot add route 192.0.2.0/24 via 203.0.113.7: Nexthop has invalid gateway (ENETUNREACH)',
      ],
      [table.add({ to: '10.9.1.1/16', link: 'v0' }), 'invalid', "to: '10.9.1.1/16' has host bits; the network is '10.9.0.0/16'"],
      [table.add({ to: 'fd09::1/64', link: 'v0' }), 'invalid', "to: 'fd09::1/64' has host bits; the network is 'fd09::/64'"],
      [table.add({ to: 'default', link: 'v0' }), 'invalid', 'family: is required for a default route without a gateway; write 4 or 6'],
      [
        table.add({ to: '10.9.0.0/16' }),
        'invalid',
        'via: a route needs a gateway (via), a link, hops or a nexthop; or another type, such as blackhole',
      ],
      [table.add({ to: '10.9.0.0/16', link: 'v7' }), 'unknown-name', "link: no link is named 'v7'; did you mean v"],
      [
        table.add({ to: '10.9.0.0/16', link: 'v0', table: 'mian' }),
        'unknown-name',
        "table: no routing table is named 'mian'; did you mean main",
      ],
      [table.add({ to: '10.9.0.0/16', link: 'v0', protocol: 'bpg' }), 'unknown-name', "protocol: no routing protocol is named 'bpg'"],
      [
        table.add({ to: '10.9.0.0/16', link: 'v0', from: '10.1.0.0/24' }),
        'invalid',
        'from: only IPv6 routes have it; the kernel ignores it',
      ],
      [table.add({ to: 'fd09::/64', link: 'v0', tos: 4 }), 'invalid', 'tos: only IPv4 routes have it; the kernel ignores it'],
      [table.add({ to: 'fd09::/64', via: '10.1.0.9' }), 'invalid', "via: expected an IPv6 address, not '10.1.0.9'"],
      [table.add({ to: '10.9.0.0/16', type: 'blackhole', link: 'v0' }), 'invalid', 'link: a blackhole route leads nowhere'],
      [
        table.add({ to: '10.9.0.0/16', via: '10.1.0.9', hops: [{ link: 'v0' }, { link: 'v1' }] }),
        'invalid',
        'via: a route has either hops',
      ],
      [table.add({ to: '10.9.0.0/16', hops: [] }), 'invalid', 'hops: a route has at least one hop'],
      [table.add({ to: '10.9.0.0/16', hops: [{ link: 'v0' }, {}] }), 'invalid', 'hops[1]: a hop has a gateway or a link'],
      [table.add({ to: '10.9.0.0/16', via: '10.1.0.9', onlink: true }), 'invalid', 'onlink: needs a gateway and a link'],
      [table.add({ to: '10.9.0.0/16', link: 'v0', mtu: 70_000 }), 'invalid', 'mtu: expected an integer from 1 to 65520, not 70000'],
      [table.add({ to: '10.9.0.0/16', link: 'v0', mtuLocked: true }), 'invalid', 'mtuLocked: needs an mtu'],
      [table.add({ to: '10.9.0.0/16', link: 'v0', congestion: 'no-such' }), 'invalid', '(EINVAL)'],
      [table.add({ to: 'fd09::/64', link: 'v0', expires: '1500ms' }), 'invalid', 'expires: expected whole seconds from 1'],
      [table.add({ to: '10.9.0.0/16', lnik: 'v0' } as never), 'invalid', 'lnik: unknown property; did you mean link?'],
      [table.get({ to: '10.9.0.0/16' }), 'missing', 'cannot get route 10.9.0.0/16: it does not exist'],
      [table.delete({ to: '10.9.0.0/16', table: 1234 }), 'missing', 'cannot delete route 10.9.0.0/16 table 1234: it does not exist'],
      [table.add({ to: '10.9.0.0/16', link: 'v0', encap: { type: 'ip' } as never }), 'invalid', 'encap.to: is required'],
    ] as const;
    for (const [verb, reason, text] of texts) expect((await failure(verb, reason)).message).to.include(text);
    routes().namespace.ip('link set v1 down');
    expect((await failure(table.add({ to: '10.9.0.0/16', link: 'v1' }), 'unreachable')).message).to.include('Device for nexthop is not up');
    routes().namespace.ip('link set v1 up');
    expect((await failure(table.add({ to: 'fd09::/64', hops: [{ link: 'v0' }, { link: 'v1' }] }), 'invalid')).message).to.include(
      'Device only routes can not be added for IPv6 using the multipath API',
    );
  });

  it('shows hops that are dead while their link is down', async () => {
    await one(routes().net.routes.add({ to: '10.9.0.0/16', hops: [{ via: '10.1.0.9' }, { via: '10.2.0.9' }] }));
    routes().namespace.ip('link set v1 down');
    const { hops } = await one(routes().net.routes.get({ to: '10.9.0.0/16' }));
    expect(hops?.[1]).to.include({ via: '10.2.0.9', dead: true, linkDown: true });
    expect(await countWrites(() => one(routes().net.routes.ensure({ to: '10.9.0.0/16', hops: hops! })))).to.equal(0);
    routes().namespace.ip('link set v1 up');
    expect((await one(routes().net.routes.get({ to: '10.9.0.0/16' }))).hops?.[1]).to.not.have.property('dead');
  });

  it('writes 10,000 routes in few datagrams', async function () {
    this.timeout(60_000);
    const specs = Array.from({ length: 10_000 }, (_, index) => ({ to: `10.${100 + (index >> 8)}.${index & 255}.0/24`, via: '10.1.0.9' }));
    const added = await one(routes().net.routes.addMany([...specs, specs[5]!, { to: 'x', via: '10.1.0.9' }]));
    expect(added.written).to.equal(10_000);
    expect(added.failed.map(({ index, error }) => [index, error.reason])).to.deep.equal([
      [10_000, 'exists'],
      [10_001, 'invalid'],
    ]);
    expect(shown(routes().namespace, 'ip -j route show proto static')).to.have.length(10_000);
    expect(await one(routes().net.routes.ensureMany(specs))).to.deep.equal({ written: 0, failed: [] });
    const drifted = specs.map((spec, index) => (index % 1000 === 0 ? { ...spec, mtu: 1400 } : spec));
    expect(await countWrites(() => one(routes().net.routes.ensureMany(drifted)))).to.equal(10);
    expect(await one(routes().net.routes.replaceMany(specs.slice(0, 100)))).to.deep.equal({ written: 100, failed: [] });
    expect(await one(routes().net.routes.deleteMany(specs))).to.deep.equal({ written: 10_000, failed: [] });
    expect(shown(routes().namespace, 'ip -j route show proto static')).to.have.length(0);
  });
});
