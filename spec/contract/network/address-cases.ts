import { addPair, addressesOf, eventually, addressText, one, outcomes, routesOf, type NetworkCase } from './world.js';

export const addressCases: readonly NetworkCase[] = [
  {
    title: 'makes the routes of an address, in the tables main and local',
    run: async (world) => {
      const { net } = world;
      await addPair(world, '10.0.0.1/24', 'fd00::1/64');
      for (const address of ['10.0.9.1/32', '10.2.9.1/31']) await one(net.addresses.add({ link: 'v0', address }));
      await one(net.addresses.add({ link: 'v0', address: '10.5.0.1', peer: '10.5.0.2/32' }));
      await one(net.addresses.add({ link: 'v0', address: '10.6.0.1/24', noPrefixRoute: true, broadcast: '10.6.0.77' }));
      return routesOf(net);
    },
    expected: [
      'unicast 10.0.0.0/24 v0 main kernel 0 src 10.0.0.1 link',
      'unicast 10.2.9.0/31 v0 main kernel 0 src 10.2.9.1 link',
      'unicast 10.5.0.2/32 v0 main kernel 0 src 10.5.0.1 link',
      'local 10.0.0.1/32 v0 local kernel 0 src 10.0.0.1 host',
      'broadcast 10.0.0.255/32 v0 local kernel 0 src 10.0.0.1 link',
      'local 10.0.9.1/32 v0 local kernel 0 src 10.0.9.1 host',
      'local 10.2.9.1/32 v0 local kernel 0 src 10.2.9.1 host',
      'local 10.5.0.1/32 v0 local kernel 0 src 10.5.0.1 host',
      'local 10.6.0.1/32 v0 local kernel 0 src 10.6.0.1 host',
      'broadcast 10.6.0.77/32 v0 local kernel 0 src 10.6.0.1 link',
      'broadcast 10.6.0.255/32 v0 local kernel 0 src 10.6.0.1 link',
      'unicast fd00::/64 v0 main kernel 256',
      'local fd00::1/128 v0 local kernel 0',
      'multicast ff00::/8 v1 local kernel 256',
      'multicast ff00::/8 v0 local kernel 256',
    ],
  },
  {
    title: 'makes the later addresses of a subnet secondary, and deletes them with the first',
    run: async (world) => {
      await addPair(world, '10.0.0.1/24', '10.0.0.2/24', '10.0.0.3/24', '10.0.0.4/25', '10.1.0.1/24');
      const before = await addressesOf(world.net, 'v0');
      await one(world.net.addresses.delete({ link: 'v0', address: '10.0.0.1/24' }));
      return [before, await addressesOf(world.net, 'v0')];
    },
    expected: [
      ['10.0.0.1/24 v0', '10.0.0.4/25 v0', '10.1.0.1/24 v0', '10.0.0.2/24 secondary v0', '10.0.0.3/24 secondary v0'],
      ['10.0.0.4/25 v0', '10.1.0.1/24 v0'],
    ],
  },
  {
    title: 'promotes a secondary address if the link has that setting',
    run: async (world) => {
      const { net } = world;
      await addPair(world, '10.0.0.1/24', '10.0.0.2/24', '10.0.0.3/24');
      await one(net.links.change('v0', { ipv4: { promoteSecondaries: true } }));
      await one(net.addresses.delete({ link: 'v0', address: '10.0.0.1/24' }));
      return [await addressesOf(net, 'v0'), await routesOf(net, { family: 4, table: 'main' })];
    },
    expected: [['10.0.0.2/24 v0', '10.0.0.3/24 secondary v0'], ['unicast 10.0.0.0/24 v0 main kernel 0 src 10.0.0.2 link']],
  },
  {
    title: 'keeps IPv4 addresses while a link is down, and loses IPv6 addresses and all routes',
    run: async (world) => {
      const { net } = world;
      await addPair(world, '10.0.0.1/24', 'fd00::1/64');
      await one(net.routes.add({ to: '10.9.0.0/16', via: '10.0.0.9' }));
      await one(net.routes.add({ to: 'fd09::/64', via: 'fd00::9' }));
      await one(net.links.change('v0', { up: false }));
      const down = [await addressesOf(net, 'v0'), await routesOf(net, { link: 'v0' })];
      await one(net.links.change('v0', { up: true }));
      await one(net.links.until('v0', { carrier: true }));
      return [...down, await addressesOf(net, 'v0'), await routesOf(net, { family: 4, link: 'v0' })];
    },
    expected: [
      ['10.0.0.1/24 v0'],
      ['local 10.0.0.1/32 v0 local kernel 0 src 10.0.0.1 host'],
      ['10.0.0.1/24 v0'],
      [
        'unicast 10.0.0.0/24 v0 main kernel 0 src 10.0.0.1 link',
        'local 10.0.0.1/32 v0 local kernel 0 src 10.0.0.1 host',
        'broadcast 10.0.0.255/32 v0 local kernel 0 src 10.0.0.1 link',
      ],
    ],
  },
  {
    title: 'makes the routes of an address when its link comes up',
    run: async ({ net }) => {
      await one(net.links.add({ name: 'i0', kind: 'ifb' }));
      await one(net.addresses.add({ link: 'i0', address: '10.0.0.1/24' }));
      const down = await routesOf(net, { family: 4 });
      await one(net.links.change('i0', { up: true }));
      return [down, await routesOf(net, { family: 4 })];
    },
    expected: [
      ['local 10.0.0.1/32 i0 local kernel 0 src 10.0.0.1 host'],
      [
        'unicast 10.0.0.0/24 i0 main kernel 0 src 10.0.0.1 link',
        'local 10.0.0.1/32 i0 local kernel 0 src 10.0.0.1 host',
        'broadcast 10.0.0.255/32 i0 local kernel 0 src 10.0.0.1 link',
      ],
    ],
  },
  {
    title: 'deletes routes of others with their source address, and all over the link with its last address',
    run: async (world) => {
      const { net } = world;
      await addPair(world, '10.0.0.1/24', '10.1.0.1/24');
      await one(net.routes.add({ to: '10.9.0.0/16', link: 'v0', source: '10.0.0.1' }));
      await one(net.routes.add({ to: '10.8.0.0/16', link: 'v0', table: 77 }));
      const seen = [await routesOf(net, { family: 4, protocol: 'static' })];
      for (const address of ['10.0.0.1/24', '10.1.0.1/24']) {
        await one(net.addresses.delete({ link: 'v0', address }));
        seen.push(await routesOf(net, { family: 4, protocol: 'static' }));
      }
      return seen;
    },
    expected: [
      ['unicast 10.8.0.0/16 v0 77 static 0 link', 'unicast 10.9.0.0/16 v0 main static 0 src 10.0.0.1 link'],
      ['unicast 10.8.0.0/16 v0 77 static 0 link'],
      [],
    ],
  },
  {
    title: 'moves the route of a network with the metric of its address',
    run: async (world) => {
      const { net } = world;
      await addPair(world, '10.0.0.1/24', 'fd00::1/64');
      for (const address of ['10.0.0.1/24', 'fd00::1']) await one(net.addresses.change({ link: 'v0', address }, { metric: 9 }));
      await one(net.addresses.change({ link: 'v0', address: '10.0.0.1' }, { valid: '1h', preferred: '30m' }));
      const { permanent, valid, preferred } = await one(net.addresses.get({ link: 'v0', address: '10.0.0.1' }));
      return [await routesOf(net, { table: 'main' }), permanent, valid, preferred];
    },
    expected: [
      ['unicast 10.0.0.0/24 v0 main kernel 9 src 10.0.0.1 link', 'unicast fd00::/64 v0 main kernel 9'],
      false,
      3_600_000,
      1_800_000,
    ],
  },
  {
    title: 'keeps one prefix length of an IPv6 address, and several of an IPv4 address',
    run: async (world) => {
      const { addresses } = world.net;
      await addPair(world, '10.0.0.1/24', 'fd00::1/64');
      const texts = await outcomes(
        addresses.add({ link: 'v0', address: '10.0.0.1/25' }),
        addresses.add({ link: 'v0', address: 'fd00::1/128' }),
        addresses.ensure({ link: 'v0', address: 'fd00::1/128' }),
      );
      return [texts, await addressesOf(world.net, 'v0')];
    },
    expected: [
      [
        'done',
        'exists: cannot add address fd00::1/128 on v0: ipv6: address already assigned (EEXIST); ensure() accepts an object that exists',
        'done',
      ],
      ['10.0.0.1/24 v0', '10.0.0.1/25 v0', 'fd00::1/128 v0'],
    ],
  },
  {
    title: 'refuses addresses that are there, and those that are not',
    run: async (world) => {
      const { addresses } = world.net;
      await addPair(world, '10.0.0.1/24', 'fd00::1/64');
      return outcomes(
        addresses.add({ link: 'v0', address: '10.0.0.1/24' }),
        addresses.add({ link: 'v0', address: 'fd00::1/64' }),
        addresses.add({ link: 'v0', address: '10.0.0.3/24', scope: 'link' }),
        addresses.delete({ link: 'v0', address: '10.0.0.9' }),
        addresses.add({ link: 'nope', address: '10.0.0.1/24' }),
      );
    },
    expected: [
      'exists: cannot add address 10.0.0.1/24 on v0: ipv4: Address already assigned (EEXIST); ensure() accepts an object that exists',
      'exists: cannot add address fd00::1/64 on v0: ipv6: address already assigned (EEXIST); ensure() accepts an object that exists',
      'invalid: cannot add address 10.0.0.3/24 on v0: ipv4: Invalid scope value (EINVAL)',
      'missing: cannot delete address 10.0.0.9 on v0: it does not exist',
      "unknown-name: cannot add address 10.0.0.1/24 on nope: link: no link is named 'nope'",
    ],
  },
  {
    title: 'emits each change of the addresses in order',
    run: async (world) => {
      const { net, other } = world;
      await addPair(world, '10.0.0.1/24');
      const texts: string[] = [];
      const watching = other.addresses.watch({ link: 'v0' }).subscribe((change) => {
        texts.push(change.type === 'synced' ? `synced ${change.entries.length}` : `${change.type} ${addressText(change.value)}`);
      });
      await eventually(() => texts.length === 1, 'synced');
      await one(net.addresses.add({ link: 'v0', address: '10.0.0.2/24' }));
      await one(net.addresses.change({ link: 'v0', address: '10.0.0.2' }, { metric: 5 }));
      await one(net.addresses.add({ link: 'v0', address: 'fd00::1/64', noDad: true }));
      // The kernel reports a new IPv6 address from a work queue: the event may follow those of later requests.
      await eventually(() => texts.length === 4, texts.join());
      await one(net.addresses.delete({ link: 'v0', address: '10.0.0.1/24' }));
      await one(net.links.change('v0', { up: false }));
      await eventually(() => texts.length === 7, texts.join());
      watching.unsubscribe();
      return texts;
    },
    expected: [
      'synced 1',
      'added 10.0.0.2/24 secondary v0',
      'changed 10.0.0.2/24 secondary metric 5 v0',
      'added fd00::1/64 v0',
      'removed 10.0.0.2/24 secondary metric 5 v0',
      'removed 10.0.0.1/24 v0',
      'removed fd00::1/64 v0',
    ],
  },
];
