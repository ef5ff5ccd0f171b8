import { addPair, eventually, one, outcomes, routesOf, routeText, type NetworkCase } from './world.js';

export const routeCases: readonly NetworkCase[] = [
  {
    title: 'refuses routes that are there, gateways that no network has, and host bits',
    run: async (world) => {
      const { routes, links } = world.net;
      await addPair(world, '10.0.0.1/24', 'fd00::1/64');
      await one(
        routes.addMany([
          { to: '10.5.0.0/16', via: '10.0.0.9' },
          { to: 'fd05::/64', via: 'fd00::9' },
        ]),
      );
      return outcomes(
        routes.add({ to: '10.5.0.0/16', via: '10.0.0.8' }),
        routes.add({ to: 'fd05::/64', via: 'fd00::8' }),
        routes.add({ to: '10.6.0.0/16', via: '10.77.0.9' }),
        routes.add({ to: '10.6.0.0/16', via: '10.5.0.9' }),
        routes.add({ to: 'fd06::/64', via: 'fd99::9' }),
        routes.add({ to: 'fd06::/64', via: 'fd00::1' }),
        routes.add({ to: '10.6.0.0/16', via: '10.77.0.9', link: 'v0', onlink: true }),
        routes.add({ to: '10.6.1.0/24', via: '10.0.0.9', source: '10.9.9.9' }),
        routes.add({ to: 'fd06::/64', via: 'fd00::9', source: 'fd09::9' }),
        routes.delete({ to: '10.99.0.0/16' }),
        routes.add({ to: '10.7.0.0/16', nexthop: 77 }),
        links.change('v0', { up: false }),
        routes.add({ to: '10.8.0.0/16', link: 'v0' }),
        routes.add({ to: 'fd08::/64', link: 'v0' }),
        routes.add({ to: '10.8.0.0/16', via: '10.0.0.9' }),
        routes.add({ to: '10.8.0.0/16', via: '10.0.0.9', link: 'v0', onlink: true }),
      );
    },
    expected: [
      'exists: cannot add route 10.5.0.0/16 via 10.0.0.8: a route with this destination, table and metric exists; another metric adds a second one, replace() changes it, ensure() accepts the same route (EEXIST)',
      'exists: cannot add route fd05::/64 via fd00::8: a route with this destination, table and metric exists; another metric adds a second one, replace() changes it, ensure() accepts the same route (EEXIST)',
      'unreachable: cannot add route 10.6.0.0/16 via 10.77.0.9: Nexthop has invalid gateway (ENETUNREACH); the gateway must be in the network of a link that is up; onlink: true skips this test',
      'unreachable: cannot add route 10.6.0.0/16 via 10.5.0.9: Nexthop has invalid gateway (ENETUNREACH); the gateway must be in the network of a link that is up; onlink: true skips this test',
      'unreachable: cannot add route fd06::/64 via fd99::9: no route leads to the address (EHOSTUNREACH)',
      'invalid: cannot add route fd06::/64 via fd00::1: Gateway can not be a local address (EINVAL)',
      'done',
      'invalid: cannot add route 10.6.1.0/24 via 10.0.0.9: Invalid prefsrc address (EINVAL)',
      'invalid: cannot add route fd06::/64 via fd00::9: Invalid source address (EINVAL)',
      'missing: cannot delete route 10.99.0.0/16: it does not exist',
      'invalid: cannot add route 10.7.0.0/16 nexthop 77: Nexthop id does not exist (EINVAL)',
      'done',
      'unreachable: cannot add route 10.8.0.0/16 dev v0: Device for nexthop is not up (ENETDOWN); set the link up first',
      'unreachable: cannot add route fd08::/64 dev v0: Nexthop device is not up (ENETDOWN); set the link up first',
      'unreachable: cannot add route 10.8.0.0/16 via 10.0.0.9: Nexthop has invalid gateway (ENETUNREACH); the gateway must be in the network of a link that is up; onlink: true skips this test',
      'unreachable: cannot add route 10.8.0.0/16 via 10.0.0.9 dev v0: Nexthop device is not up (ENETDOWN); set the link up first',
    ],
  },
  {
    title: 'keeps routes with other metrics and other tables apart, and dumps by table',
    run: async (world) => {
      const { net } = world;
      await addPair(world, '10.0.0.1/24', 'fd00::1/64');
      const added = await one(
        net.routes.addMany([
          { to: '10.5.0.0/16', via: '10.0.0.9', metric: 20 },
          { to: '10.5.0.0/16', via: '10.0.0.9', metric: 10 },
          { to: '10.5.0.0/16', via: '10.0.0.9', table: 77 },
          { to: '10.4.0.0/14', via: '10.0.0.9', table: 77 },
          { to: 'default', via: '10.0.0.9', table: 1000 },
          { to: 'fd05::/64', via: 'fd00::9', table: 77 },
          { to: 'fd05::/64', via: 'fd00::9', metric: 10 },
          { to: '10.6.0.0/16', type: 'blackhole' },
          { to: 'fd06::/64', type: 'unreachable' },
        ]),
      );
      const tables = [77, 1000, 99].map((table) => routesOf(net, { table }));
      return [added.written, await routesOf(net, { protocol: 'static' }), ...(await Promise.all(tables))];
    },
    expected: [
      9,
      [
        'unicast 10.4.0.0/14 10.0.0.9 v0 77 static 0',
        'unicast 10.5.0.0/16 10.0.0.9 v0 77 static 0',
        'unicast default 10.0.0.9 v0 1000 static 0',
        'unicast 10.5.0.0/16 10.0.0.9 v0 main static 10',
        'unicast 10.5.0.0/16 10.0.0.9 v0 main static 20',
        'blackhole 10.6.0.0/16 main static 0',
        'unicast fd05::/64 fd00::9 v0 77 static 1024',
        'unicast fd05::/64 fd00::9 v0 main static 10',
        'unreachable fd06::/64 main static 1024',
      ],
      [
        'unicast 10.4.0.0/14 10.0.0.9 v0 77 static 0',
        'unicast 10.5.0.0/16 10.0.0.9 v0 77 static 0',
        'unicast fd05::/64 fd00::9 v0 77 static 1024',
      ],
      ['unicast default 10.0.0.9 v0 1000 static 0'],
      [],
    ],
  },
  {
    title: 'marks routes over a link without a carrier',
    run: async (world) => {
      const { net } = world;
      await addPair(world, '10.0.0.1/24');
      await one(net.routes.add({ to: '10.5.0.0/16', via: '10.0.0.9' }));
      await one(net.links.change('v1', { up: false }));
      const shown = () => routesOf(net, { family: 4, link: 'v0' });
      await eventually(async () => (await shown()).some((text) => text.includes('linkdown')), 'linkdown');
      return shown();
    },
    expected: [
      'unicast 10.0.0.0/24 v0 main kernel 0 src 10.0.0.1 linkdown link',
      'unicast 10.5.0.0/16 10.0.0.9 v0 main static 0 linkdown',
      'local 10.0.0.1/32 v0 local kernel 0 src 10.0.0.1 host',
      'broadcast 10.0.0.255/32 v0 local kernel 0 src 10.0.0.1 linkdown link',
    ],
  },
  {
    title: 'chooses routes by the longest prefix, the metric and the rules',
    run: async (world) => {
      const { net } = world;
      await addPair(world, '10.0.0.1/24', 'fd00::1/64');
      await one(
        net.routes.addMany([
          { to: 'default', via: '10.0.0.9' },
          { to: '192.0.2.0/24', via: '10.0.0.8', metric: 20 },
          { to: '192.0.2.0/24', via: '10.0.0.7', metric: 10 },
          { to: '192.0.2.128/25', via: '10.0.0.6' },
          { to: '192.0.3.0/24', type: 'unreachable' },
          { to: '192.0.4.0/24', type: 'prohibit' },
          { to: '192.0.5.0/24', type: 'blackhole' },
          { to: 'default', via: '10.0.0.5', table: 77 },
          { to: 'default', via: 'fd00::9' },
        ]),
      );
      await one(net.rules.add({ priority: 9, family: 4, mark: 5, table: 77 }));
      const found = [];
      for (const [to, options] of [
        ['198.51.100.1', {}],
        ['192.0.2.1', {}],
        ['192.0.2.129', {}],
        ['192.0.2.129', { mark: 5 }],
        ['10.0.0.77', {}],
        ['10.0.0.1', {}],
        ['2001:db8::1', {}],
      ] as const) {
        const { via, link, source, table, type } = await one(net.routes.lookup(to, options));
        found.push([via, link, source, table, type]);
      }
      const refused = ['192.0.3.1', '192.0.4.1', '192.0.5.1'].map((to) => net.routes.lookup(to));
      return [...found, ...(await outcomes(...refused))];
    },
    expected: [
      ['10.0.0.9', 'v0', '10.0.0.1', 'main', 'unicast'],
      ['10.0.0.7', 'v0', '10.0.0.1', 'main', 'unicast'],
      ['10.0.0.6', 'v0', '10.0.0.1', 'main', 'unicast'],
      ['10.0.0.5', 'v0', '10.0.0.1', 77, 'unicast'],
      [undefined, 'v0', '10.0.0.1', 'main', 'unicast'],
      [undefined, 'lo', '10.0.0.1', 'local', 'local'],
      ['fd00::9', 'v0', 'fd00::1', 'main', 'unicast'],
      'unreachable: cannot find route to 192.0.3.1: no route leads to the address (EHOSTUNREACH)',
      'unreachable: cannot find route to 192.0.4.1: a prohibit route or rule rejects it (EACCES)',
      'unreachable: cannot find route to 192.0.5.1: a blackhole route or rule discards it (EINVAL)',
    ],
  },
  {
    title: 'emits the routes of a table as they come and go',
    run: async (world) => {
      const { net, other } = world;
      await addPair(world, '10.0.0.1/24', 'fd00::1/64');
      const texts: string[] = [];
      const watching = other.routes.watch({ table: 'main' }).subscribe((change) => {
        texts.push(change.type === 'synced' ? `synced ${change.entries.length}` : `${change.type} ${routeText(change.value)}`);
      });
      await eventually(() => texts.length === 1, 'synced');
      await one(net.routes.add({ to: '10.5.0.0/16', via: '10.0.0.9' }));
      await one(net.routes.ensure({ to: '10.5.0.0/16', via: '10.0.0.8' }));
      await one(net.routes.add({ to: 'fd05::/64', via: 'fd00::9' }));
      await one(net.routes.delete({ to: 'fd05::/64' }));
      await eventually(() => texts.length === 5, texts.join());
      // IPv4 routes go silently: the table is read again.
      await one(net.links.change('v0', { up: false }));
      await eventually(() => texts.length > 8, texts.join());
      watching.unsubscribe();
      return [texts.slice(0, 5), texts.slice(5).sort()];
    },
    expected: [
      [
        'synced 2',
        'added unicast 10.5.0.0/16 10.0.0.9 v0 main static 0',
        'changed unicast 10.5.0.0/16 10.0.0.8 v0 main static 0',
        'added unicast fd05::/64 fd00::9 v0 main static 1024',
        'removed unicast fd05::/64 fd00::9 v0 main static 1024',
      ],
      [
        'removed unicast 10.0.0.0/24 v0 main kernel 0 src 10.0.0.1 link',
        'removed unicast 10.5.0.0/16 10.0.0.8 v0 main static 0',
        'removed unicast fd00::/64 v0 main kernel 256',
        'synced 0',
      ],
    ],
  },
];
