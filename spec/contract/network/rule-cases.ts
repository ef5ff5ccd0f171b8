import { eventually, one, outcomes, type NetworkCase } from './world.js';

export const ruleCases: readonly NetworkCase[] = [
  {
    title: 'has the rules of a new network, and keeps others by priority',
    run: async ({ net }) => {
      await one(net.rules.add({ priority: 100, from: '10.0.0.0/8', table: 5 }));
      await one(net.rules.add({ priority: 50, family: 4, mark: 7, table: 6 }));
      await one(net.rules.add({ priority: 100, from: '10.0.0.0/8', table: 6 }));
      await one(net.rules.add({ priority: 100, from: 'fd00::/8', action: 'prohibit' }));
      const all = await one(net.rules.list());
      return all.map(({ priority, family, from, mark, mask, table, action, protocol }) =>
        [priority, family, from, mark, mask, table, action, protocol].filter((value) => value !== undefined).join(' '),
      );
    },
    expected: [
      '0 4 local lookup kernel',
      '50 4 7 6 lookup static',
      '100 4 10.0.0.0/8 5 lookup static',
      '100 4 10.0.0.0/8 6 lookup static',
      '32766 4 main lookup kernel',
      '32767 4 default lookup kernel',
      '0 6 local lookup kernel',
      '100 6 fd00::/8 prohibit static',
      '32766 6 main lookup kernel',
    ],
  },
  {
    title: 'refuses a rule that is there, also one with fewer selectors, but not one of another protocol',
    run: async ({ net }) =>
      outcomes(
        net.rules.add({ priority: 9, from: '10.0.0.0/8', table: 5 }),
        net.rules.add({ priority: 9, from: '10.0.0.0/8', table: 5 }),
        net.rules.add({ priority: 9, family: 4, table: 5 }),
        net.rules.add({ priority: 9, from: '10.0.0.0/8', table: 5, protocol: 'bgp' }),
        net.rules.delete({ priority: 9, from: '10.0.0.0/8', table: 5, protocol: 'bgp' }),
        net.rules.delete({ priority: 9, from: '10.0.0.0/8', table: 5, protocol: 'bgp' }),
        net.rules.delete({ priority: 9 }),
      ),
    expected: [
      'done',
      'exists: cannot add rule 9 from 10.0.0.0/8 lookup 5: it exists (EEXIST); ensure() accepts an object that exists',
      'exists: cannot add rule 9 lookup 5: it exists (EEXIST); ensure() accepts an object that exists',
      'done',
      'done',
      'missing: cannot delete rule 9 from 10.0.0.0/8 lookup 5: it does not exist',
      'done',
    ],
  },
  {
    title: 'detaches a rule while its link does not exist',
    run: async ({ net }) => {
      const detached = async () => (await one(net.rules.get({ priority: 9 }))).detached;
      await one(net.rules.add({ priority: 9, family: 4, iif: 'i0', table: 5 }));
      const seen = [await detached()];
      await one(net.links.add({ name: 'i0', kind: 'ifb' }));
      seen.push(await detached());
      await one(net.links.delete('i0'));
      return [...seen, await detached()];
    },
    expected: [true, undefined, true],
  },
  {
    title: 'emits the rules of a table as they come and go',
    run: async ({ net, other }) => {
      const texts: string[] = [];
      const watching = other.rules.watch({ table: 5 }).subscribe((change) => {
        texts.push(change.type === 'synced' ? `synced ${change.entries.length}` : `${change.type} ${change.value.priority}`);
      });
      await eventually(() => texts.length === 1, 'synced');
      for (const table of [5, 6]) await one(net.rules.add({ priority: 10 + table, family: 4, table }));
      await one(net.rules.add({ priority: 9, family: 6, table: 5 }));
      await one(net.rules.delete({ priority: 15 }));
      await eventually(() => texts.length === 4, texts.join());
      watching.unsubscribe();
      return texts;
    },
    expected: ['synced 0', 'added 15', 'added 9', 'removed 15'],
  },
];
