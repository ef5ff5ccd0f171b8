import type { Network } from '../../../../lib/network/network.js';
import { addPair, eventually, one, outcomes, type NetworkCase } from '../world.js';

/** Returns the qdiscs and classes of v0 that are not default ones. */
async function treeOf(net: Network): Promise<readonly string[]> {
  const qdiscs = await one(net.qdiscs.list({ link: 'v0', byDefault: false }));
  const classes = await one(net.classes.list({ link: 'v0' }));
  return [
    ...qdiscs.map(({ kind, handle, parent }) => `${kind} ${handle} at ${parent}`),
    ...classes.map(({ kind, handle, parent, htb }) => `class ${kind} ${handle} below ${parent} ${htb?.rate}-${htb?.ceil}`),
  ].sort();
}

async function filtersOf(net: Network): Promise<readonly string[]> {
  const all = await one(net.filters.list({ link: 'v0' }));
  return all.map(({ kind, parent, priority, protocol, to }) => [kind, parent, priority, protocol, to].filter(Boolean).join(' ')).sort();
}

const root = { link: 'v0', parent: 'root' } as const;

export const trafficCases: readonly NetworkCase[] = [
  {
    title: 'keeps a tree of qdiscs and classes, and refuses what does not fit',
    run: async (world) => {
      const { net } = world;
      await addPair(world);
      const { qdiscs, classes } = net;
      const texts = await outcomes(
        qdiscs.delete(root),
        qdiscs.add({ ...root, handle: '1:', kind: 'htb', htb: { defaultClass: '1:30' } }),
        qdiscs.add({ ...root, handle: '1:', kind: 'htb' }),
        classes.add({ link: 'v0', handle: '1:1', kind: 'htb', htb: { rate: '10mbit' } }),
        classes.add({ link: 'v0', handle: '1:10', parent: '1:1', kind: 'htb', htb: { rate: '4mbit', ceil: '10mbit' } }),
        classes.add({ link: 'v0', handle: '1:10', parent: '1:1', kind: 'htb', htb: { rate: '4mbit' } }),
        classes.add({ link: 'v0', handle: '7:1', kind: 'htb', htb: { rate: '4mbit' } }),
        classes.change({ link: 'v0', handle: '1:10' }, { kind: 'htb', htb: { ceil: '9mbit' } }),
        qdiscs.add({ link: 'v0', parent: '1:10', handle: '10:', kind: 'pfifo', pfifo: { limit: 50 } }),
        qdiscs.add({ link: 'v0', parent: '1:99', kind: 'pfifo' }),
        qdiscs.change({ link: 'v0', parent: '1:10' }, { kind: 'pfifo', pfifo: { limit: 60 } }),
        qdiscs.add({ ...root, kind: 'pfifo' }),
        qdiscs.add({ ...root, kind: 'nosuchkind' }),
        qdiscs.add({ link: 'v1', kind: 'nosuchkind' }),
        qdiscs.add({ link: 'v0', kind: 'clsact' }),
        classes.delete({ link: 'v0', handle: '1:1' }),
      );
      const seen = [await treeOf(net), (await one(qdiscs.get({ link: 'v0', parent: '1:10' }))).pfifo];
      await one(classes.delete({ link: 'v0', handle: '1:10' }));
      seen.push(await treeOf(net));
      await one(qdiscs.delete(root));
      return [texts, ...seen, await treeOf(net)];
    },
    expected: [
      [
        'missing: cannot delete qdisc root on v0: it does not exist',
        'done',
        'exists: cannot add qdisc root on v0: Exclusivity flag on, cannot modify (EEXIST); ensure() accepts an object that exists',
        'done',
        'done',
        'exists: cannot add class 1:10 on v0: it exists (EEXIST); ensure() accepts an object that exists',
        "missing: cannot add class 7:1 on v0: handle: the link has no qdisc '7:'",
        'done',
        'done',
        "missing: cannot add qdisc 1:99 on v0: parent: the link has no class '1:99'",
        'done',
        'exists: cannot add qdisc root on v0: NLM_F_REPLACE needed to override (EEXIST); ensure() accepts an object that exists',
        'exists: cannot add qdisc root on v0: NLM_F_REPLACE needed to override (EEXIST); ensure() accepts an object that exists',
        "unsupported: cannot add qdisc root on v1: kind: the kernel has no qdisc of kind 'nosuchkind'; try `modprobe net-sch-nosuchkind`",
        'done',
        'busy: cannot delete class 1:1 on v0: HTB class in use (EBUSY)',
      ],
      [
        'class htb 1:1 below 1: 10000000-10000000',
        'class htb 1:10 below 1:1 4000000-9000000',
        'clsact ffff: at clsact',
        'htb 1: at root',
        'pfifo 10: at 1:10',
      ],
      { limit: 60 },
      ['class htb 1:1 below 1: 10000000-10000000', 'clsact ffff: at clsact', 'htb 1: at root'],
      ['clsact ffff: at clsact'],
    ],
  },
  {
    title: 'writes nothing that is right, changes a qdisc in place, and exchanges it',
    run: async (world) => {
      const { net } = world;
      await addPair(world);
      const spec = { ...root, kind: 'tbf', tbf: { rate: '20mbit', burst: '32kib', latency: '50ms' } } as const;
      const first = await one(net.qdiscs.ensure(spec));
      const again = await one(net.qdiscs.ensure(first.object));
      const changed = await one(net.qdiscs.change(root, { kind: 'tbf', tbf: { rate: '10mbit' } }));
      const other = await one(net.qdiscs.ensure({ ...root, kind: 'pfifo', pfifo: { limit: 9 } }, { recreate: true }));
      const byDefault = await one(net.qdiscs.delete(root));
      return [
        [
          // The kernel counts from 8001: on, over all namespaces.
          /^[89a-f][0-9a-f]{3}:$/.test(first.object.handle ?? ''),
          first.object.tbf?.rate,
          again.changed,
          changed.object.tbf?.rate,
          changed.changed.map(({ text }) => text),
        ],
        [other.object.kind, other.object.pfifo, byDefault.kind, (await one(net.qdiscs.get(root))).kind],
      ];
    },
    expected: [
      [true, 20000000, [], 10000000, ['~ qdisc root on v0: tbf.rate 20000000 -> 10000000']],
      ['pfifo', { limit: 9 }, 'pfifo', 'noqueue'],
    ],
  },
  {
    title: 'keeps filters with their qdisc, and loses all with the link',
    run: async (world) => {
      const { net } = world;
      await addPair(world);
      const { filters } = net;
      await one(net.qdiscs.add({ link: 'v0', kind: 'clsact' }));
      await one(net.qdiscs.add({ ...root, handle: '1:', kind: 'htb' }));
      await one(net.classes.add({ link: 'v0', handle: '1:1', kind: 'htb', htb: { rate: '10mbit' } }));
      const texts = await outcomes(
        filters.add({
          link: 'v0',
          parent: 'ingress',
          priority: 7,
          protocol: 'ip',
          kind: 'u32',
          match: { 'ip.protocol': 6 },
        }),
        filters.add({ link: 'v0', parent: 'root', priority: 5, protocol: 'ip', kind: 'u32', match: { 'tcp.dport': 443 }, to: '1:1' }),
        filters.add({
          link: 'v1',
          parent: 'ingress',
          priority: 5,
          protocol: 'ip',
          kind: 'u32',
          match: { 'ip.protocol': 6 },
        }),
        filters.ensure({ link: 'v0', parent: 'root', priority: 5, protocol: 'ip', kind: 'u32', match: { 'tcp.dport': 443 }, to: '1:1' }),
        filters.get({ link: 'v0', parent: 'ingress', priority: 9 }),
      );
      const seen = [await filtersOf(net)];
      await one(net.qdiscs.delete({ link: 'v0', parent: 'clsact' }));
      seen.push(await filtersOf(net));
      await one(net.links.delete('v0'));
      return [texts, ...seen, (await one(net.qdiscs.list())).filter(({ link }) => link.startsWith('v')).length];
    },
    expected: [
      [
        'done',
        'done',
        "unknown-name: cannot add filter u32 priority 5 ip on v1 ingress: Parent Qdisc doesn't exists (EINVAL)",
        'done',
        'missing: cannot get filter priority 9 on v0 ingress: it does not exist',
      ],
      ['u32 1: 5 ip 1:1', 'u32 ingress 7 ip'],
      ['u32 1: 5 ip 1:1'],
      0,
    ],
  },
  {
    title: 'shows another program the qdiscs as they come and go',
    run: async (world) => {
      const { net, other } = world;
      await addPair(world);
      const texts: string[] = [];
      const watching = other.qdiscs.watch({ link: 'v0', byDefault: false }).subscribe((change) => {
        texts.push(change.type === 'synced' ? `synced ${change.entries.length}` : `${change.type} ${change.value.kind}`);
      });
      await eventually(() => texts.length === 1, 'synced');
      await one(net.qdiscs.add({ ...root, handle: '1:', kind: 'htb' }));
      await one(net.qdiscs.add({ link: 'v0', kind: 'clsact' }));
      await one(net.qdiscs.delete(root));
      await one(net.links.delete('v0'));
      await eventually(() => texts.filter((text) => text.startsWith('removed')).length === 2, 'both are removed');
      watching.unsubscribe();
      // The kernel may make the table be read again.
      return texts.filter((text) => !text.startsWith('synced'));
    },
    expected: ['added htb', 'added clsact', 'removed htb', 'removed clsact'],
  },
];
