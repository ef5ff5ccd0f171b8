import { map } from 'rxjs';
import type { View } from '../../../lib/network/view.js';
import { addPair, eventually, one, outcome, type NetworkCase } from './world.js';

type Tables = View<{ links: { kind: 'veth' }; addresses: true; routes: { table: 'main' } }>;

const keysOf = ({ links, addresses, routes }: Tables): readonly (readonly string[])[] =>
  [links, addresses, routes].map((table) => [...table.keys()].filter((key) => !key.includes(' on lo')).sort());

export const liveCases: readonly NetworkCase[] = [
  {
    title: 'shows several tables as one, and never changes what it has shown',
    run: async (world) => {
      const { net, other } = world;
      const seen: Tables[] = [];
      const watching = other
        .view({ links: { kind: 'veth' }, addresses: true, routes: { table: 'main' } })
        .subscribe((view) => seen.push(view));
      await eventually(() => seen.length > 0, 'the first view');
      const [first] = seen;
      await addPair(world, '10.0.0.1/24');
      await one(net.routes.add({ to: '10.5.0.0/16', via: '10.0.0.9' }));
      await eventually(() => seen.at(-1)!.routes.size === 2, 'routes');
      const full = seen.at(-1)!;
      await one(net.links.delete('v0'));
      await eventually(() => seen.at(-1)!.links.size + seen.at(-1)!.routes.size === 0, 'nothing');
      watching.unsubscribe();
      return [keysOf(first!), keysOf(full), keysOf(seen.at(-1)!)];
    },
    expected: [
      [[], [], []],
      [['v0', 'v1'], ['10.0.0.1/24 on v0'], ['10.0.0.0/24 dev v0', '10.5.0.0/16 via 10.0.0.9 dev v0']],
      [[], [], []],
    ],
  },
  {
    title: 'waits until a link is as wanted, and signals which condition is not met in time',
    run: async (world) => {
      const { net, other } = world;
      const conditions = { up: true, carrier: true, address: 'global', settled: true, timeout: '5s' } as const;
      const waiting = one(other.links.until('v0', conditions).pipe(map((link) => link?.addresses.map(({ address }) => address))));
      await addPair(world, '10.0.0.1/24');
      const found = await waiting;
      const late = await outcome(net.links.until('v0', { address: '10.0.0.9', timeout: 500 }));
      const gone = one(other.links.until('v0', { absent: true, timeout: '5s' }));
      await one(net.links.delete('v1'));
      return [found, late, await gone];
    },
    expected: [['10.0.0.1/24'], 'timeout: cannot wait for link v0: no address 10.0.0.9 after 0.5 s', undefined],
  },
  {
    title: 'writes many objects, and reports those that fail',
    run: async (world) => {
      const { net } = world;
      await addPair(world, '10.0.0.1/24');
      const specs = Array.from({ length: 300 }, (_, index) => ({ to: `10.5.${index % 256}.0/${index < 256 ? 24 : 25}`, via: '10.0.0.9' }));
      const added = await one(net.routes.addMany([...specs, specs[7]!, { to: '10.6.0.0/16', via: '10.77.0.9' }]));
      const again = await one(net.routes.ensureMany(specs));
      const listed = (await one(net.routes.list({ protocol: 'static' }))).length;
      const deleted = await one(net.routes.deleteMany(specs));
      return [added.written, added.failed.map(({ index, error }) => [index, error.reason]), again.written, listed, deleted.written];
    },
    expected: [
      300,
      [
        [300, 'exists'],
        [301, 'unreachable'],
      ],
      0,
      300,
      300,
    ],
  },
];
