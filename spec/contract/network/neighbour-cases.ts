import { addPair, eventually, one, outcomes, stateOf, type NetworkCase, type NetworkWorld } from './world.js';

const MAC = '02:00:00:00:00:07';

/** Returns the neighbours of v0 that a program wrote. */
async function neighbours({ net }: NetworkWorld): Promise<readonly string[]> {
  const all = await one(net.neighbours.list({ link: 'v0' }));
  return all
    .map(({ address, mac, state, router, proxy }) => [address, mac, state, router && 'router', proxy && 'proxy'].filter(Boolean).join(' '))
    .sort();
}

export const neighbourCases: readonly NetworkCase[] = [
  {
    title: 'adds, changes and deletes entries and proxies',
    run: async (world) => {
      await addPair(world, '10.0.0.1/24', 'fd00::1/64');
      const { neighbours: table } = world.net;
      const texts = await outcomes(
        table.add({ link: 'v0', address: '10.0.0.9', mac: MAC }),
        table.add({ link: 'v0', address: '10.0.0.9', mac: MAC }),
        table.add({ link: 'v0', address: 'fd00::9', mac: MAC, router: true }),
        table.change({ link: 'v0', address: 'fd00::9' }, { mac: '02:00:00:00:00:08' }),
        table.add({ link: 'v0', address: '10.0.0.9', proxy: true }),
        table.change({ link: 'v0', address: '10.0.0.9' }, { state: 'noarp' }),
        table.delete({ link: 'v0', address: '10.0.0.8' }),
        table.add({ link: 'nope', address: '10.0.0.8', mac: MAC }),
      );
      const before = await neighbours(world);
      await one(table.delete({ link: 'v0', address: 'fd00::9' }));
      await one(table.delete({ link: 'v0', address: '10.0.0.9', proxy: true }));
      await one(table.change({ link: 'v0', address: '10.0.0.9' }, { state: 'permanent' }));
      return [texts, before, await neighbours(world)];
    },
    expected: [
      [
        'done',
        'exists: cannot add neighbour 10.0.0.9 on v0: it exists (EEXIST); ensure() accepts an object that exists',
        'done',
        'done',
        'done',
        'done',
        'missing: cannot delete neighbour 10.0.0.8 on v0: it does not exist',
        "unknown-name: cannot add neighbour 10.0.0.8 on nope: link: no link is named 'nope'",
      ],
      ['10.0.0.9 proxy', 'fd00::9 02:00:00:00:00:08 permanent router'],
      ['10.0.0.9 02:00:00:00:00:07 permanent'],
    ],
  },
  {
    title: 'keeps permanent entries without a carrier, and loses all when the link goes down or changes its address',
    run: async (world) => {
      const { net } = world;
      await addPair(world, '10.0.0.1/24', 'fd00::1/64');
      const write = async () => {
        await one(net.neighbours.ensure({ link: 'v0', address: '10.0.0.9', mac: MAC }));
        await one(net.neighbours.ensure({ link: 'v0', address: '10.0.0.8', mac: MAC, state: 'stale' }));
        await one(net.neighbours.ensure({ link: 'v0', address: 'fd00::9', mac: MAC }));
      };
      await write();
      await one(net.links.change('v1', { up: false }));
      await stateOf(net, 'v0', 'lower-layer-down');
      const seen = [await neighbours(world)];
      await one(net.links.change('v1', { up: true }));
      await stateOf(net, 'v0', 'up');
      await one(net.links.change('v0', { mac: '02:00:00:00:00:21' }));
      seen.push(await neighbours(world));
      await write();
      await one(net.links.change('v0', { up: false }));
      return [...seen, await neighbours(world)];
    },
    expected: [['10.0.0.9 02:00:00:00:00:07 permanent', 'fd00::9 02:00:00:00:00:07 permanent'], [], []],
  },
  {
    title: 'emits entries as they come and go',
    run: async (world) => {
      const { net, other } = world;
      await addPair(world, '10.0.0.1/24');
      const texts: string[] = [];
      const watching = other.neighbours.watch({ link: 'v0', family: 4 }).subscribe((change) => {
        texts.push(change.type === 'synced' ? `synced ${change.entries.length}` : `${change.type} ${change.value.mac}`);
      });
      await eventually(() => texts.length === 1, 'synced');
      await one(net.neighbours.add({ link: 'v0', address: '10.0.0.9', mac: MAC }));
      await one(net.neighbours.change({ link: 'v0', address: '10.0.0.9' }, { mac: '02:00:00:00:00:08' }));
      await one(net.links.change('v0', { up: false }));
      await eventually(() => texts.length === 4, texts.join());
      watching.unsubscribe();
      return texts;
    },
    expected: ['synced 0', `added ${MAC}`, 'changed 02:00:00:00:00:08', 'removed 02:00:00:00:00:08'],
  },
];
