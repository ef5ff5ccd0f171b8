import type { Network } from '../../../../lib/network/network.js';
import { addressesOf, eventually, one, outcome, outcomes, routesOf, stateOf, type NetworkCase } from '../world.js';

/** Returns the links of a namespace, beside the loopback. */
async function linksOf(net: Network): Promise<readonly string[]> {
  const all = await one(net.links.list());
  return all
    .filter(({ name }) => name !== 'lo')
    .map(({ name, kind, up, carrier, parent, peer, elsewhere, altnames }) => {
      const far = peer === undefined ? undefined : `peer ${peer.name ?? 'elsewhere'}`;
      const words = [
        up ? 'up' : 'down',
        carrier && 'carrier',
        parent && `parent ${parent}`,
        far,
        elsewhere && 'elsewhere',
        altnames?.join(),
      ];
      return [name, kind, ...words].filter(Boolean).join(' ');
    });
}

async function carrierOf(net: Network, name: string, carrier: boolean): Promise<void> {
  await eventually(async () => (await one(net.links.get(name))).carrier === carrier, `the carrier of ${name}`);
}

export const namespaceCases: readonly NetworkCase[] = [
  {
    title: 'makes a pair with one end in another namespace',
    run: async ({ net, there, netns }) => {
      await one(net.links.add({ name: 'v0', kind: 'veth', up: true, veth: { peer: { name: 'v1', netns, up: true } } }));
      await stateOf(net, 'v0', 'up');
      await stateOf(there, 'v1', 'up');
      const seen = [await linksOf(net), await linksOf(there)];
      const again = await one(net.links.ensure({ name: 'v0', kind: 'veth', veth: { peer: { name: 'v1', netns, up: true } } }));
      await one(net.links.add({ name: 'y0', kind: 'veth', netns, veth: { peer: { name: 'y1' } } }));
      const taken = await outcomes(
        net.links.add({ name: 'w0', kind: 'veth', veth: { peer: { name: 'v1', netns } } }),
        net.links.add({ name: 'v1', kind: 'veth', veth: { peer: { name: 'w0', netns } } }),
      );
      await one(there.links.change('v1', { up: false }));
      await carrierOf(net, 'v0', false);
      seen.push(await linksOf(net), await linksOf(there));
      await one(net.links.delete('v1'));
      await one(there.links.delete('v1'));
      await one(there.links.delete('y1'));
      return [...seen, again.changed, taken, await linksOf(net), await linksOf(there)];
    },
    expected: [
      ['v0 veth up carrier peer elsewhere'],
      ['v1 veth up carrier peer elsewhere'],
      ['v0 veth up peer elsewhere', 'v1 veth down peer elsewhere'],
      ['v1 veth down peer elsewhere', 'y1 veth down peer y0', 'y0 veth down peer y1', 'w0 veth down peer elsewhere'],
      [],
      [
        'exists: cannot add link w0: a link with this name, or with the name of its peer, exists; ensure() accepts a link that exists (EEXIST)',
        'done',
      ],
      [],
      [],
    ],
  },
  {
    title: 'moves a link without its addresses and routes',
    run: async ({ net, there, netns, other }) => {
      const names: string[] = [];
      const watching = other.links.watch({ kind: 'ifb' }).subscribe((change) => {
        names.push(change.type === 'synced' ? 'synced' : `${change.type} ${change.value.name}`);
      });
      await eventually(() => names.length === 1, 'synced');
      await one(net.links.add({ name: 'b0', kind: 'bridge' }));
      await one(net.links.add({ name: 'v0', kind: 'veth', up: true, alias: 'a text', veth: { peer: { name: 'v1', up: true } } }));
      await stateOf(net, 'v0', 'up');
      await one(net.addresses.add({ link: 'v0', address: '10.0.0.1/24' }));
      await one(net.addresses.add({ link: 'v0', address: 'fd00::1/64', noDad: true }));
      await one(net.routes.add({ to: '10.5.0.0/16', via: '10.0.0.9' }));
      await one(net.nexthops.add({ id: 7, via: '10.0.0.9', link: 'v0' }));
      await one(net.links.change('v0', { altnames: ['another-name'] }));
      const moved = await one(net.links.move('v0', { netns }));
      const seen = [[moved.name, moved.up, moved.alias, moved.peer?.name], await linksOf(net), await linksOf(there)];
      const left = [await addressesOf(net), await routesOf(net, { protocol: 'static' }), (await one(net.nexthops.list())).length];
      const lists = [await addressesOf(there), await routesOf(there, { table: 'main' })];
      const taken = await outcomes(there.links.add({ name: 'i0', kind: 'ifb' }), net.links.add({ name: 'i0', kind: 'ifb' }));
      const refused = await outcome(net.links.move('i0', { netns }));
      await one(net.links.move('i0', { netns, name: 'i1' }));
      seen.push(await linksOf(there));
      const immovable = await outcomes(net.links.move('b0', { netns }), net.links.move('lo', { netns }), net.links.move('nope', { netns }));
      await eventually(() => names.includes('removed i0'), 'the link has left');
      watching.unsubscribe();
      await one(there.links.delete('v0'));
      return [
        ...seen,
        left,
        lists,
        taken,
        refused,
        immovable,
        names.filter((name) => name !== 'synced'),
        await linksOf(net),
        await linksOf(there),
      ];
    },
    expected: [
      ['v0', false, 'a text', undefined],
      ['b0 bridge down', 'v1 veth up peer elsewhere'],
      ['v0 veth down peer elsewhere another-name'],
      ['i0 ifb down', 'v0 veth down peer elsewhere another-name', 'i1 ifb down'],
      [[], [], 0],
      [[], []],
      ['done', 'done'],
      'exists: cannot move link i0: An interface with the same name exists in the target netns (EEXIST)',
      [
        'unsupported: cannot move link b0: The interface netns is immutable (EINVAL); create it there: links.add({ ..., netns })',
        'unsupported: cannot move link lo: The interface netns is immutable (EINVAL); create it there: links.add({ ..., netns })',
        'missing: cannot move link nope: it does not exist',
      ],
      ['added i0', 'removed i0'],
      ['b0 bridge down'],
      ['i0 ifb down', 'i1 ifb down'],
    ],
  },
  {
    title: 'makes links there whose parent is here',
    run: async ({ net, there, netns }) => {
      await one(net.links.add({ name: 'v0', kind: 'veth', up: true, veth: { peer: { name: 'v1', up: true } } }));
      await stateOf(net, 'v0', 'up');
      await one(net.links.add({ name: 'm0', kind: 'macvlan', parent: 'v0', netns, up: true }));
      await carrierOf(there, 'm0', true);
      const seen = [await linksOf(there)];
      await one(net.links.change('v1', { up: false }));
      await carrierOf(there, 'm0', false);
      seen.push(await linksOf(there));
      await one(net.links.move('v0', { netns }));
      seen.push(await linksOf(net), await linksOf(there));
      await one(there.links.delete('v0'));
      return [...seen, await linksOf(net), await linksOf(there)];
    },
    expected: [
      ['m0 macvlan up carrier elsewhere'],
      ['m0 macvlan up elsewhere'],
      ['v1 veth down peer elsewhere'],
      ['m0 macvlan up parent v0', 'v0 veth down peer elsewhere'],
      [],
      [],
    ],
  },
];
