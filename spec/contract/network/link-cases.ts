import { addPair, eventually, one, outcome, outcomes, stateOf, type NetworkCase } from './world.js';

/** The end of the error about a name that is in use. */
const TAKEN = 'a link with this name, or with the name of its peer, exists; ensure() accepts a link that exists (EEXIST)';

export const linkCases: readonly NetworkCase[] = [
  {
    title: 'gives both ends of a pair a carrier when both are up',
    run: async ({ net }) => {
      const both = async () => {
        const [first, second] = [await one(net.links.get('v0')), await one(net.links.get('v1'))];
        return [first, second].map(({ up, carrier, state, peer }) => [up, carrier, state, peer?.name]);
      };
      await one(net.links.add({ name: 'v0', kind: 'veth', veth: { peer: { name: 'v1' } } }));
      const seen = [await both()];
      await one(net.links.change('v0', { up: true }));
      seen.push(await both());
      await one(net.links.change('v1', { up: true }));
      await stateOf(net, 'v0', 'up');
      seen.push(await both());
      await one(net.links.change('v1', { up: false }));
      await stateOf(net, 'v0', 'lower-layer-down');
      seen.push(await both());
      return seen;
    },
    expected: [
      [
        [false, false, 'down', 'v1'],
        [false, false, 'down', 'v0'],
      ],
      [
        [true, false, 'lower-layer-down', 'v1'],
        [false, false, 'down', 'v0'],
      ],
      [
        [true, true, 'up', 'v1'],
        [true, true, 'up', 'v0'],
      ],
      [
        [true, false, 'lower-layer-down', 'v1'],
        [false, false, 'down', 'v0'],
      ],
    ],
  },
  {
    title: 'deletes the other end of a pair, and what is on both',
    run: async (world) => {
      const { net } = world;
      await addPair(world, '10.0.0.1/24', 'fd00::1/64');
      await one(net.addresses.add({ link: 'v1', address: '10.1.0.1/24' }));
      await one(net.routes.add({ to: '10.9.0.0/16', via: '10.0.0.9' }));
      await one(net.neighbours.add({ link: 'v0', address: '10.0.0.9', mac: '02:00:00:00:00:09' }));
      await one(net.links.delete('v1'));
      const lists = [net.links.list({ kind: 'veth' }), net.routes.list({ table: 'main' }), net.neighbours.list({ state: 'permanent' })];
      const left = await Promise.all(lists.map(async (list) => (await one<readonly unknown[]>(list)).length));
      return [...left, (await one(net.addresses.list())).every(({ link }) => link === 'lo')];
    },
    expected: [0, 0, 0, true],
  },
  {
    title: 'refuses names that are in use, links that do not exist, and values out of range',
    run: async (world) => {
      await addPair(world);
      const { links } = world.net;
      return outcomes(
        links.add({ name: 'v0', kind: 'ifb' }),
        links.add({ name: 'w0', kind: 'veth', veth: { peer: { name: 'v0' } } }),
        links.add({ name: 'w0', kind: 'nosuchkind' }),
        links.get('w0'),
        links.delete('w0'),
        links.change('w0', { mtu: 1400 }),
        links.change('v0', { mtu: 70_000 }),
        links.change('v0', { mtu: 10 }),
        links.change('v0', { mac: '01:00:00:00:00:01' }),
        links.change('v0', { master: 'v1' }),
        links.rename('v0', 'v1'),
        links.delete('lo'),
      );
    },
    expected: [
      `exists: cannot add link v0: ${TAKEN}`,
      `exists: cannot add link w0: ${TAKEN}`,
      "unsupported: cannot add link w0: this kernel may lack link kind 'nosuchkind': try `modprobe rtnl-link-nosuchkind` (EOPNOTSUPP)",
      'missing: cannot get link w0: it does not exist; did you mean v0?',
      'missing: cannot delete link w0: it does not exist; did you mean v0?',
      'missing: cannot change link w0: it does not exist; did you mean v0?',
      'invalid: cannot change link v0: mtu greater than device maximum (EINVAL); minMtu and maxMtu of the link are the limits',
      'invalid: cannot change link v0: mtu less than device minimum (EINVAL); minMtu and maxMtu of the link are the limits',
      'invalid: cannot change link v0: the link has no valid MAC address, or would get one; mac: the first byte must be even, and the address must not be zero (EADDRNOTAVAIL)',
      "unsupported: cannot change link v0: master: v1 is of kind 'veth', which has no ports (EOPNOTSUPP); a bridge, bond, team or vrf has",
      'exists: cannot rename link v0: another link has the new name, or has it as an alternative name; delete or rename that link first (EEXIST)',
      'unsupported: cannot delete link lo: a driver created the link, so that only the driver can delete it',
    ],
  },
  {
    title: 'keeps what is written to a link',
    run: async ({ net }) => {
      await one(net.links.add({ name: 'i0', kind: 'bridge', up: true }));
      const part = { mtu: 1300, mac: '02:00:00:00:00:41', alias: 'a text', group: 3, txQueueLength: 9, promiscuous: true } as const;
      const more = { arp: true, multicast: true, allMulticast: true, altnames: ['i0-another-name'] };
      const settings = { ipv4: { forwarding: true, rpFilter: 2 }, offload: { gsoMaxSize: 30_000 } };
      await one(net.links.change('i0', { ...part, ...more, ...settings }));
      const found = await one(net.links.get('i0-another-name'));
      const { name, mtu, mac, alias, group, txQueueLength, promiscuous, arp, multicast, allMulticast, altnames, ipv4, offload } = found;
      const again = await one(net.links.ensure({ name: 'i0', ...part, ...more, ...settings }));
      return [
        ...[name, mtu, mac, alias, group, txQueueLength, promiscuous, arp, multicast, allMulticast, altnames],
        ...[ipv4?.forwarding, ipv4?.rpFilter, offload?.gsoMaxSize, again.changed],
      ];
    },
    expected: ['i0', 1300, '02:00:00:00:00:41', 'a text', 3, 9, true, true, true, true, ['i0-another-name'], true, 2, 30_000, []],
  },
  {
    title: 'keeps alternative names apart from those of other links',
    run: async (world) => {
      await addPair(world);
      const { links } = world.net;
      const first = await outcomes(
        links.change('v0', { altnames: ['one-name', 'two-names'] }),
        links.change('v1', { altnames: ['one-name'] }),
        links.add({ name: 'one-name', kind: 'ifb' }),
        links.change('v0', { altnames: ['two-names'] }),
        links.rename('v0', 'two-names'),
      );
      const { name, altnames } = await one(links.get('two-names'));
      return [first, name, altnames];
    },
    expected: [
      ['done', 'exists: cannot change link v1: it exists (EEXIST)', `exists: cannot add link one-name: ${TAKEN}`, 'done', 'done'],
      'two-names',
      undefined,
    ],
  },
  {
    title: 'makes a bridge of its ports: address, MTU, carrier',
    run: async ({ net }) => {
      await one(net.links.add({ name: 'b0', kind: 'bridge', up: true, bridge: { ageing: '10s' } }));
      const bridge = async () => {
        const { mac, mtu, carrier, state } = await one(net.links.get('b0'));
        return [mac === '02:00:00:00:00:11', mtu, carrier, state];
      };
      const seen = [await bridge()];
      const mac = '02:00:00:00:00:11';
      await one(net.links.add({ name: 'v0', kind: 'veth', up: true, mac, mtu: 1400, master: 'b0', veth: { peer: { name: 'v1' } } }));
      await stateOf(net, 'b0', 'down');
      seen.push(await bridge());
      await one(net.links.change('v1', { up: true }));
      await stateOf(net, 'b0', 'up');
      seen.push(await bridge());
      const { master, bridgePort } = await one(net.links.get('v0'));
      const port = [master, bridgePort?.cost, bridgePort?.learning];
      const changed = await one(net.links.change('v0', { bridgePort: { cost: 7 } }));
      await one(net.links.delete('b0'));
      const released = await one(net.links.get('v0'));
      return [seen, port, changed.object.bridgePort?.cost, changed.object.up, released.master, released.bridgePort];
    },
    expected: [
      [
        [false, 1500, true, 'unknown'],
        [true, 1400, false, 'down'],
        [true, 1400, true, 'up'],
      ],
      ['b0', 2, true],
      7,
      true,
      undefined,
      undefined,
    ],
  },
  {
    title: 'refuses a bridge in a bridge, settings of a port that is none, and the address of a link that has a fixed one',
    run: async ({ net }) => {
      for (const name of ['b0', 'b1']) await one(net.links.add({ name, kind: 'bridge' }));
      await one(net.links.add({ name: 'i0', kind: 'ifb' }));
      const fixed = await outcome(net.links.change('i0', { mac: '02:00:00:00:00:01' }));
      const nested = await outcome(net.links.change('b1', { master: 'b0' }));
      return [fixed, nested, await outcome(net.links.change('b1', { bridgePort: { cost: 3 } }))];
    },
    expected: [
      'unsupported: cannot change link i0: the kernel does not support it (EOPNOTSUPP)',
      'invalid: cannot change link b1: Can not enslave a bridge to a bridge (ELOOP)',
      "invalid: cannot change link b1: bridgePort: the link has no master of kind 'bridge'; set master to one",
    ],
  },
  {
    title: 'gives a new name to the labels of addresses',
    run: async (world) => {
      await addPair(world, '10.0.0.1/24');
      await one(world.net.addresses.add({ link: 'v0', address: '10.0.1.1/24', label: 'v0:two' }));
      await one(world.net.links.rename('v0', 'w0'));
      return (await one(world.net.addresses.list({ link: 'w0' }))).map(({ address, label }) => [address, label]);
    },
    expected: [
      ['10.0.0.1/24', 'w0'],
      ['10.0.1.1/24', 'w0:two'],
    ],
  },
  {
    title: 'shows another program what this one writes',
    run: async ({ net, other }) => {
      const names: string[] = [];
      const watching = other.links.watch({ kind: 'ifb' }).subscribe((change) => {
        names.push(change.type === 'synced' ? 'synced' : `${change.type} ${change.value.name} ${change.value.mtu}`);
      });
      await eventually(() => names.length === 1, 'synced');
      await one(net.links.add({ name: 'i0', kind: 'ifb' }));
      await one(net.links.change('i0', { mtu: 1300 }));
      await one(net.links.delete('i0'));
      await eventually(() => names.length === 4, names.join());
      watching.unsubscribe();
      return names;
    },
    expected: ['synced', 'added i0 1500', 'changed i0 1300', 'removed i0 1300'],
  },
];
