import { defaultIfEmpty } from 'rxjs';
import { addPair, one, routesOf, routeText, type NetworkCase } from './world.js';

/** Routes of one slot: one network, with one metric. */
export const slotCases: readonly NetworkCase[] = [
  {
    title: 'replaces a route in its slot, and writes nothing that is right',
    run: async (world) => {
      const { routes } = world.net;
      await addPair(world, '10.0.0.1/24', 'fd00::1/64');
      const wanted = [
        { to: '10.5.0.0/16', via: '10.0.0.9', mtu: 1400 },
        { to: 'fd05::/64', via: 'fd00::9', mtu: 1400 },
      ];
      for (const spec of wanted) await one(routes.ensure(spec));
      const again = [];
      for (const spec of wanted) again.push((await one(routes.ensure(spec))).changed.length);
      const changed = [
        await one(routes.ensure({ to: '10.5.0.0/16', via: '10.0.0.8' })),
        await one(routes.ensure({ to: 'fd05::/64', via: 'fd00::8' })),
        await one(routes.change({ to: '10.5.0.0/16' }, { source: '10.0.0.1' })),
      ].map(({ object }) => routeText(object));
      const replaced = await one(routes.replace({ to: '10.5.0.0/16', link: 'v0' }));
      return [again, changed, routeText(replaced), await routesOf(world.net, { protocol: 'static' })];
    },
    expected: [
      [0, 0],
      [
        'unicast 10.5.0.0/16 10.0.0.8 v0 main static 0 mtu 1400',
        'unicast fd05::/64 fd00::8 v0 main static 1024 mtu 1400',
        'unicast 10.5.0.0/16 10.0.0.8 v0 main static 0 src 10.0.0.1 mtu 1400',
      ],
      'unicast 10.5.0.0/16 v0 main static 0 link',
      ['unicast 10.5.0.0/16 v0 main static 0 link', 'unicast fd05::/64 fd00::8 v0 main static 1024 mtu 1400'],
    ],
  },
  {
    title: 'holds several routes in one slot in order, and no equal ones',
    run: async (world) => {
      const { net } = world;
      await addPair(world, '10.0.0.1/24');
      const write = async (gateway: string, flags: object): Promise<string> => {
        const request = { rtmFamily: 2, dst: '10.5.0.0/16', gateway, rtmTable: 254, rtmProtocol: 4, rtmType: 'unicast' } as const;
        return one(net.clients.route.do('newroute', request, flags).pipe(defaultIfEmpty(undefined))).then(
          () => 'done',
          (error: unknown) => (error as { code: string }).code,
        );
      };
      const append = { create: true, append: true };
      const texts = [
        await write('10.0.0.3', append),
        await write('10.0.0.4', append),
        await write('10.0.0.2', { create: true }),
        await write('10.0.0.3', append),
        await write('10.0.0.4', { replace: true }),
        await write('10.0.0.5', { replace: true }),
        await write('10.0.0.5', { replace: true }),
      ];
      await one(net.routes.add({ to: '10.0.0.128/25', via: '10.0.0.9' }));
      // A gateway is reached over the network of a link, even if a longer prefix leads to another gateway.
      await one(net.routes.add({ to: '10.6.0.0/16', via: '10.0.0.130' }));
      return [texts, await routesOf(net, { protocol: 'static' })];
    },
    expected: [
      ['done', 'done', 'done', 'EEXIST', 'EEXIST', 'done', 'done'],
      [
        'unicast 10.0.0.128/25 10.0.0.9 v0 main static 0',
        'unicast 10.5.0.0/16 10.0.0.5 v0 main static 0',
        'unicast 10.5.0.0/16 10.0.0.3 v0 main static 0',
        'unicast 10.5.0.0/16 10.0.0.4 v0 main static 0',
        'unicast 10.6.0.0/16 10.0.0.130 v0 main static 0',
      ],
    ],
  },
  {
    title: 'keeps a route with several hops when the link of one goes down',
    run: async (world) => {
      const { net } = world;
      await addPair(world, '10.0.0.1/24', 'fd00::1/64');
      await one(net.links.add({ name: 'i0', kind: 'bridge', up: true }));
      await one(net.addresses.add({ link: 'i0', address: '10.1.0.1/24' }));
      await one(net.routes.add({ to: '10.5.0.0/16', hops: [{ via: '10.0.0.9', weight: 2 }, { via: '10.1.0.9' }] }));
      await one(net.routes.add({ to: 'fd05::/64', hops: [{ via: 'fd00::8' }, { via: 'fd00::9' }] }));
      const shown = () => routesOf(net, { protocol: 'static' });
      const seen = [await shown()];
      for (const up of [false, true]) {
        await one(net.links.change('i0', { up }));
        seen.push(await shown());
      }
      await one(net.routes.removeHop({ to: 'fd05::/64' }, { via: 'fd00::8' }));
      await one(net.links.delete('i0'));
      return [...seen, await shown()];
    },
    expected: [
      [
        'unicast 10.5.0.0/16 [10.0.0.9 v0 2] [10.1.0.9 i0 1] main static 0',
        'unicast fd05::/64 [fd00::8 v0 1] [fd00::9 v0 1] main static 1024',
      ],
      [
        'unicast 10.5.0.0/16 [10.0.0.9 v0 2] [10.1.0.9 i0 1 dead] main static 0',
        'unicast fd05::/64 [fd00::8 v0 1] [fd00::9 v0 1] main static 1024',
      ],
      [
        'unicast 10.5.0.0/16 [10.0.0.9 v0 2] [10.1.0.9 i0 1] main static 0',
        'unicast fd05::/64 [fd00::8 v0 1] [fd00::9 v0 1] main static 1024',
      ],
      ['unicast fd05::/64 fd00::9 v0 main static 1024'],
    ],
  },
];
