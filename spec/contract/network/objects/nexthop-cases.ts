import { defaultIfEmpty } from 'rxjs';
import type { Network } from '../../../../lib/network/network.js';
import type { NexthopSpec } from '../../../../lib/network/nexthops/nexthop.js';
import { addPair, one, outcome, outcomes, stateOf, type NetworkCase } from '../world.js';

/** Returns the nexthops in the order of a dump. */
async function nexthopsOf(net: Network): Promise<readonly string[]> {
  const all = await one(net.nexthops.list());
  return all.map(({ id, family, via, link, blackhole, onlink, fdb, group, protocol, linkDown, dead }) => {
    const members = group?.map((member) => `${member.id}x${member.weight}`).join('/');
    const words = [blackhole && 'blackhole', onlink && 'onlink', fdb && 'fdb', linkDown && 'linkdown', dead && 'dead'];
    return [id, family, via, link, members, ...words, protocol].filter((part) => part !== undefined && part !== false).join(' ');
  });
}

/** Returns the routes that lead over nexthops. */
async function overNexthops(net: Network): Promise<readonly string[]> {
  const all = await one(net.routes.list());
  return all
    .filter(({ nexthop }) => nexthop !== undefined)
    .map(({ to, type, nexthop, via, link, nexthopHops }) => {
      const hops = nexthopHops?.map((hop) => [hop.via, hop.link, hop.weight].filter(Boolean).join(' ')).join(', ');
      return [type, to, nexthop, via, link, hops && `[${hops}]`].filter((part) => part !== undefined && part !== '').join(' ');
    });
}

const SPECS: readonly NexthopSpec[] = [
  { id: 1, via: '10.0.0.8', link: 'v0' },
  { id: 2, via: 'fd00::8', link: 'v0' },
  { id: 12, link: 'v1', protocol: 'bgp' },
  { id: 3, blackhole: true },
  { id: 4, via: '203.0.113.7', link: 'v0', onlink: true },
  { id: 5, via: '10.0.0.7', fdb: true },
  { id: 10, group: [{ id: 1 }, { id: 12, weight: 3 }] },
  { id: 9, group: [{ id: 5 }], fdb: true },
];

async function addAll({ nexthops }: Network): Promise<readonly string[]> {
  return outcomes(...SPECS.map((spec) => nexthops.add(spec)));
}

export const nexthopCases: readonly NetworkCase[] = [
  {
    title: 'keeps nexthops and groups by their numbers, and refuses those that cannot be',
    run: async (world) => {
      const { net } = world;
      await addPair(world, '10.0.0.1/24', 'fd00::1/64');
      await one(net.links.add({ name: 'i0', kind: 'ifb' }));
      const { nexthops } = net;
      const added = await addAll(net);
      const refused = await outcomes(
        nexthops.add({ id: 1, link: 'v0' }),
        nexthops.add({ id: 20, via: '10.77.0.9', link: 'v0' }),
        nexthops.add({ id: 20, link: 'i0' }),
        nexthops.add({ id: 20, group: [{ id: 99 }] }),
        nexthops.add({ id: 20, group: [{ id: 10 }] }),
        nexthops.add({ id: 20, group: [{ id: 1 }, { id: 5 }] }),
        nexthops.add({ id: 20, group: [{ id: 1 }, { id: 3 }] }),
        nexthops.add({ id: 20, group: [{ id: 5 }] }),
        nexthops.add({ id: 20, group: [{ id: 1 }], fdb: true }),
        nexthops.get({ id: 20 }),
        nexthops.delete({ id: 20 }),
        nexthops.change({ id: 1 }, { via: '10.77.0.9' }),
        nexthops.add({ id: 20, via: '10.0.0.1', link: 'v0' }),
        nexthops.add({ id: 20, via: 'fd00::1', link: 'v0' }),
        nexthops.add({ id: 21, via: 'fd77::1', link: 'v0' }),
      );
      const write = async (request: object, flags: object): Promise<string> =>
        one(net.clients.route.do('newnexthop', request, flags).pipe(defaultIfEmpty(undefined))).then(
          () => 'done',
          (error: unknown) => (error as Error).message,
        );
      const written = [
        await write({ nhFamily: 2, id: 10, blackhole: true }, { replace: true }),
        await write({ id: 1, group: [{ id: 12, weight: 0, weightHigh: 0 }] }, { replace: true }),
        await write({ nhFamily: 2, id: 30, blackhole: true }, { replace: true }),
        await write({ nhFamily: 2, id: 1, blackhole: true }, { create: true }),
        await write({ nhFamily: 2, id: 31, oif: 77_777 }, { create: true }),
        await write({ nhFamily: 2, id: 31 }, { create: true }),
      ];
      return [added, refused, written, await nexthopsOf(net)];
    },
    expected: [
      ['done', 'done', 'done', 'done', 'done', 'done', 'done', 'done'],
      [
        'exists: cannot add nexthop 1 dev v0: it exists (EEXIST); ensure() accepts an object that exists',
        'unreachable: cannot add nexthop 20 via 10.77.0.9 dev v0: Nexthop has invalid gateway (ENETUNREACH); the gateway must be in the network of a link that is up; onlink: true skips this test',
        'unreachable: cannot add nexthop 20 dev i0: Nexthop device is not up (ENETDOWN); set the link up first',
        'invalid: cannot add nexthop 20 group 99: Invalid nexthop id (EINVAL)',
        'invalid: cannot add nexthop 20 group 10: Hash-threshold group can not be a nexthop within a group (EINVAL)',
        'invalid: cannot add nexthop 20 group 1/5: Non FDB nexthop group cannot have fdb nexthops (EINVAL)',
        'invalid: cannot add nexthop 20 group 1/3: Blackhole nexthop can not be used in a group with more than 1 path (EINVAL)',
        'invalid: cannot add nexthop 20 group 5: Non FDB nexthop group cannot have fdb nexthops (EINVAL)',
        'invalid: cannot add nexthop 20 group 1: FDB nexthop group can only have fdb nexthops (EINVAL)',
        'missing: cannot get nexthop 20: it does not exist',
        'missing: cannot delete nexthop 20: it does not exist',
        'unreachable: cannot change nexthop 1: Nexthop has invalid gateway (ENETUNREACH); the gateway must be in the network of a link that is up; onlink: true skips this test',
        'done',
        'invalid: cannot add nexthop 20 via fd00::1 dev v0: Gateway can not be a local address (EINVAL)',
        'unreachable: cannot add nexthop 21 via fd77::1 dev v0: no route leads to the address (EHOSTUNREACH)',
      ],
      [
        'EINVAL newnexthop: nexthop 10: Can not replace a nexthop group with a nexthop.',
        'EINVAL newnexthop: nexthop 1: Can not replace a nexthop with a nexthop group.',
        'ENOENT newnexthop: nexthop 30: Replace specified without create and no entry exists',
        'EEXIST newnexthop: nexthop 1',
        'EINVAL newnexthop: nexthop 31: Invalid device index',
        'EINVAL newnexthop: nexthop 31: Device attribute required for non-blackhole and non-fdb nexthops',
      ],
      [
        '1 4 10.0.0.8 v0 static',
        '2 6 fd00::8 v0 static',
        '3 4 blackhole static',
        '4 4 203.0.113.7 v0 onlink static',
        '5 4 10.0.0.7 fdb static',
        '9 5x1 fdb static',
        '10 1x1/12x3 static',
        '12 4 v1 bgp',
        '20 4 10.0.0.1 v0 static',
      ],
    ],
  },
  {
    title: 'changes a nexthop in place, and its groups and routes with it',
    run: async (world) => {
      const { net } = world;
      await addPair(world, '10.0.0.1/24', 'fd00::1/64');
      await addAll(net);
      const { nexthops, routes } = net;
      const writes = await outcomes(
        routes.add({ to: '10.5.0.0/16', nexthop: 1 }),
        routes.add({ to: '10.6.0.0/16', nexthop: 10 }),
        routes.add({ to: '10.7.0.0/16', nexthop: 3 }),
        routes.add({ to: '10.8.0.0/16', nexthop: 2 }),
        routes.add({ to: 'fd05::/64', nexthop: 2 }),
        routes.add({ to: 'fd06::/64', nexthop: 1 }),
        routes.add({ to: '10.9.0.0/16', nexthop: 5 }),
        routes.add({ to: '10.9.0.0/16', nexthop: 99 }),
        routes.add({ to: 'fd09::/64', nexthop: 99 }),
      );
      const before = await overNexthops(net);
      const changed = await outcomes(
        nexthops.change({ id: 1 }, { via: '10.0.0.9' }),
        nexthops.ensure({ id: 10, group: [{ id: 1, weight: 5 }] }),
        nexthops.replace({ id: 12, link: 'v0' }),
        nexthops.change({ id: 3 }, { link: 'v1' }),
        routes.ensure({ to: '10.5.0.0/16', nexthop: 12 }),
        nexthops.ensure({ id: 1, blackhole: true }),
      );
      return [writes, before, changed, await overNexthops(net), await nexthopsOf(net)];
    },
    expected: [
      [
        'done',
        'done',
        'done',
        'done',
        'done',
        'invalid: cannot add route fd06::/64 nexthop 1: IPv6 routes can not use an IPv4 nexthop (EINVAL)',
        'invalid: cannot add route 10.9.0.0/16 nexthop 5: Route cannot point to a fdb nexthop (EINVAL)',
        'invalid: cannot add route 10.9.0.0/16 nexthop 99: Nexthop id does not exist (EINVAL)',
        'invalid: cannot add route fd09::/64 nexthop 99: Nexthop id does not exist (EINVAL)',
      ],
      [
        'unicast 10.5.0.0/16 1 [10.0.0.8 v0]',
        'unicast 10.6.0.0/16 10 [10.0.0.8 v0 1, v1 3]',
        'blackhole 10.7.0.0/16 3',
        'unicast 10.8.0.0/16 2 [fd00::8 v0]',
        'unicast fd05::/64 2 [fd00::8 v0]',
      ],
      ['done', 'done', 'done', 'done', 'done', 'done'],
      [
        'unicast 10.5.0.0/16 12 [v0]',
        'blackhole 10.6.0.0/16 10',
        'unicast 10.7.0.0/16 3 [v1]',
        'unicast 10.8.0.0/16 2 [fd00::8 v0]',
        'unicast fd05::/64 2 [fd00::8 v0]',
      ],
      [
        '1 4 blackhole static',
        '2 6 fd00::8 v0 static',
        '3 4 v1 static',
        '4 4 203.0.113.7 v0 onlink static',
        '5 4 10.0.0.7 fdb static',
        '9 5x1 fdb static',
        '10 1x5 static',
        '12 4 v0 static',
      ],
    ],
  },
  {
    title: 'deletes the routes of a nexthop, and a group with its last member',
    run: async (world) => {
      const { net } = world;
      await addPair(world, '10.0.0.1/24', 'fd00::1/64');
      await addAll(net);
      const { nexthops, routes } = net;
      await one(routes.add({ to: '10.5.0.0/16', nexthop: 1 }));
      await one(routes.add({ to: '10.6.0.0/16', nexthop: 10 }));
      await one(routes.add({ to: 'fd05::/64', nexthop: 2 }));
      await one(nexthops.delete({ id: 1 }));
      const first = [await nexthopsOf(net), await overNexthops(net)];
      await one(nexthops.delete({ id: 12 }));
      await one(nexthops.delete({ id: 2 }));
      return [first, await nexthopsOf(net), await overNexthops(net)];
    },
    expected: [
      [
        [
          '2 6 fd00::8 v0 static',
          '3 4 blackhole static',
          '4 4 203.0.113.7 v0 onlink static',
          '5 4 10.0.0.7 fdb static',
          '9 5x1 fdb static',
          '10 12x3 static',
          '12 4 v1 bgp',
        ],
        ['unicast 10.6.0.0/16 10 [v1]', 'unicast fd05::/64 2 [fd00::8 v0]'],
      ],
      ['3 4 blackhole static', '4 4 203.0.113.7 v0 onlink static', '5 4 10.0.0.7 fdb static', '9 5x1 fdb static'],
      [],
    ],
  },
  {
    title: 'loses the nexthops of a link with its carrier, when it goes down, and when it is deleted',
    run: async (world) => {
      const { net } = world;
      await addPair(world, '10.0.0.1/24', 'fd00::1/64');
      await one(net.links.add({ name: 'b0', kind: 'bridge', up: true }));
      const write = async () => {
        await one(net.nexthops.ensure({ id: 1, via: '10.0.0.8', link: 'v0' }));
        await one(net.nexthops.ensure({ id: 2, link: 'b0' }));
        await one(net.nexthops.ensure({ id: 3, group: [{ id: 1 }, { id: 2 }] }));
        await one(net.routes.ensure({ to: '10.5.0.0/16', nexthop: 1 }));
        await one(net.routes.ensure({ to: '10.6.0.0/16', nexthop: 3 }));
      };
      const state = async () => [await nexthopsOf(net), await overNexthops(net)];
      await write();
      await one(net.links.change('v1', { up: false }));
      await stateOf(net, 'v0', 'lower-layer-down');
      const seen: unknown[] = [await state(), await outcome(net.nexthops.add({ id: 9, link: 'v0' }))];
      await one(net.links.change('v1', { up: true }));
      await stateOf(net, 'v0', 'up');
      await write();
      await one(net.links.change('b0', { up: false }));
      seen.push(await state());
      await one(net.links.delete('v0'));
      return [...seen, await state()];
    },
    expected: [
      [['2 4 b0 static', '3 2x1 static'], ['unicast 10.6.0.0/16 3 [b0]']],
      'unreachable: cannot add nexthop 9 dev v0: Carrier for nexthop device is down (ENETDOWN)',
      [
        ['1 4 10.0.0.8 v0 static', '3 1x1 static'],
        ['unicast 10.5.0.0/16 1 [10.0.0.8 v0]', 'unicast 10.6.0.0/16 3 [10.0.0.8 v0]'],
      ],
      [[], []],
    ],
  },
];
