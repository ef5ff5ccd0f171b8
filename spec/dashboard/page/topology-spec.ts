import { expect } from 'chai';
import { topologyLayout, type Shape } from '../../../lib/dashboard/page/model/topology-layout.js';
import { TopologyState } from '../../../lib/dashboard/page/model/topology-state.js';
import { topologyText } from '../../../lib/dashboard/page/model/topology-text.js';
import { topologyTree } from '../../../lib/dashboard/page/model/topology-tree.js';
import type { Topology, TopologyEdge, TopologyNode } from '../../../lib/dashboard/protocol.js';

const node = (id: string, kind: string, more: Partial<TopologyNode> = {}): TopologyNode => ({
  id,
  name: id,
  kind,
  namespace: 'blue',
  state: 'up',
  ...more,
});

/** A bridge with two ports, a VLAN on a bond, a veth pair into another namespace, and two tunnels. */
const router: Topology = {
  namespaces: [
    { id: 'blue', name: 'blue' },
    { id: 'red', name: 'red' },
  ],
  nodes: [
    node('br0', 'bridge'),
    node('veth0', 'veth', { master: 'br0' }),
    node('vxlan1', 'vxlan', { master: 'br0' }),
    node('bond0', 'bond'),
    node('ens3', 'ethernet', { master: 'bond0' }),
    node('bond0.10', 'vlan'),
    node('gre1', 'gre'),
    node('peer', 'veth', { name: 'eth0', namespace: 'red' }),
  ],
  edges: [
    { from: 'bond0.10', to: 'bond0', kind: 'lower', label: '10' },
    { from: 'veth0', to: 'peer', kind: 'veth' },
    { from: 'peer', to: 'veth0', kind: 'veth' },
    { from: 'vxlan1', to: '192.0.2.7', kind: 'tunnel', label: '192.0.2.7' },
    { from: 'gre1', to: 'peer', kind: 'tunnel', label: '10.0.0.2' },
  ],
};

const many = (ports: number): Topology => ({
  namespaces: [{ id: 'blue', name: 'blue' }],
  nodes: [node('br0', 'bridge'), ...Array.from({ length: ports }, (_, index) => node(`v${index}`, 'veth', { master: 'br0' }))],
  edges: [],
});

/** Returns the pairs of shapes that share an area, and of which neither is inside the other. */
function overlaps(shapes: readonly Shape[]): string[] {
  const inside = (a: Shape, b: Shape): boolean =>
    a.x >= b.x && a.y >= b.y && a.x + a.width <= b.x + b.width && a.y + a.height <= b.y + b.height;
  const meets = (a: Shape, b: Shape): boolean => a.x < b.x + b.width && b.x < a.x + a.width && a.y < b.y + b.height && b.y < a.y + a.height;
  return shapes.flatMap((a, index) =>
    shapes
      .slice(index + 1)
      .filter((b) => meets(a, b) && !(b.item.children.length === 0 ? inside(b, a) : inside(b, a) || inside(a, b)))
      .map((b) => `${a.text} and ${b.text}`),
  );
}

describe('the topology of the dashboard', () => {
  it('has ports in the box of their master, and VLANs in the box of their parent', () => {
    const { namespaces, lines, remotes } = topologyTree(router);
    const boxes = namespaces[0]!.children.map(({ node: { name }, children }) => [name, ...children.map((child) => child.node.name)]);
    expect(boxes).to.deep.equal([['gre1'], ['bond0', 'bond0.10', 'ens3'], ['br0', 'veth0', 'vxlan1']]);
    expect(namespaces[1]!.children.map(({ node: { name } }) => name)).to.deep.equal(['eth0']);
    expect(lines.map(({ from, to }) => `${from} ${to}`)).to.deep.equal(['veth0 peer', 'vxlan1 192.0.2.7', 'gre1 peer']);
    expect(remotes).to.deep.equal(['192.0.2.7']);
  });

  it('draws a VLAN that is a port in the box of its bridge, with a line to its parent', () => {
    const nodes = [node('br0', 'bridge'), node('eth0', 'ethernet'), node('eth0.5', 'vlan', { master: 'br0' })];
    const edge: TopologyEdge = { from: 'eth0.5', to: 'eth0', kind: 'lower', label: '5' };
    const { namespaces, lines } = topologyTree({ namespaces: router.namespaces, nodes, edges: [edge] });
    expect(namespaces[0]!.children.map(({ node: { name }, children }) => `${name} ${children.length}`)).to.deep.equal(['eth0 0', 'br0 1']);
    expect(lines).to.deep.equal([edge]);
  });

  it('draws each link once if links are above each other in a circle', () => {
    const nodes = [node('a', 'macvlan'), node('b', 'macvlan')];
    const edges: TopologyEdge[] = [
      { from: 'a', to: 'b', kind: 'lower' },
      { from: 'b', to: 'a', kind: 'lower' },
    ];
    const { shapes } = topologyLayout({ namespaces: [{ id: 'blue', name: 'blue' }], nodes, edges }, 600);
    expect(shapes.map(({ item }) => item.title).sort()).to.deep.equal(['a', 'b', 'blue']);
  });

  for (const width of [300, 420, 620, 1200]) {
    it(`places links without overlaps in ${width} pixels`, () => {
      for (const topology of [router, many(40), many(2000)]) {
        const { shapes, height } = topologyLayout(topology, width);
        expect(overlaps(shapes)).to.deep.equal([]);
        expect(Math.max(...shapes.map((shape) => shape.x + shape.width))).to.be.at.most(width);
        expect(Math.max(...shapes.map((shape) => shape.y + shape.height))).to.be.at.most(height);
      }
    });
  }

  it('has the namespaces that are connected with others before those that are not, and at most twelve', () => {
    const others = Array.from({ length: 20 }, (_, index) => ({ id: `other${index}`, name: `other${index}` }));
    const topology = { ...router, namespaces: [router.namespaces[0]!, ...others, router.namespaces[1]!] };
    const { namespaces, omittedNamespaces } = topologyTree(topology);
    expect(namespaces.slice(0, 3).map(({ name }) => name)).to.deep.equal(['blue', 'red', 'other0']);
    expect([namespaces.length, omittedNamespaces]).to.deep.equal([12, 10]);
    const column = topologyLayout(topology, 900).shapes.filter(({ isBox, x }) => isBox && x > 500);
    expect(column.slice(0, 3).map(({ text }) => text)).to.deep.equal(['red', 'remote addresses', 'other0']);
  });

  it('omits the lines within a namespace if there are more than sixteen, and no others', () => {
    const pairs = (count: number): Topology => ({
      ...router,
      nodes: [...router.nodes, ...Array.from({ length: 2 * count }, (_, index) => node(`v${index}`, 'veth'))],
      edges: [
        ...router.edges,
        ...Array.from({ length: count }, (_, index) => ({ from: `v${2 * index}`, to: `v${2 * index + 1}`, kind: 'veth' as const })),
      ],
    });
    expect(topologyTree(pairs(16)).lines).to.have.lengthOf(3 + 16);
    expect(topologyTree(pairs(17)).lines.map(({ from }) => from)).to.deep.equal(['veth0', 'vxlan1', 'gre1']);
  });

  it('places connected namespaces in the order of their links in the main namespace', () => {
    const names = ['one', 'two', 'three'];
    const topology: Topology = {
      namespaces: [{ id: 'blue', name: 'blue' }, ...names.map((name) => ({ id: name, name }))],
      // A port is drawn below a link without a master.
      nodes: [
        node('br0', 'bridge'),
        node('port', 'veth', { master: 'br0' }),
        node('single', 'veth'),
        ...names.map((name) => node(`of ${name}`, 'veth', { namespace: name })),
      ],
      edges: [
        { from: 'port', to: 'of one', kind: 'veth' },
        { from: 'of two', to: 'single', kind: 'veth' },
        { from: 'of three', to: 'of one', kind: 'veth' },
      ],
    };
    const column = topologyLayout(topology, 900).shapes.filter(({ isBox, x }) => isBox && x > 500);
    expect(column.map(({ text }) => text)).to.deep.equal(['two', 'one', 'three']);
  });

  it('counts the ports that it does not draw', () => {
    const { shapes } = topologyLayout(many(496), 600);
    const more = shapes.find(({ item }) => item.kind === 'note')!;
    const drawn = shapes.filter(({ item }) => item.kind === 'veth').length;
    expect(drawn).to.be.within(40, 130);
    expect(more.text).to.equal(`+${496 - drawn} more`);
  });

  it('limits the links of a thousand bridges', () => {
    const bridges = Array.from({ length: 1000 }, (_, index) => node(`br${index}`, 'bridge'));
    const ports = bridges.map(({ id }) => node(`port of ${id}`, 'veth', { master: id }));
    const { shapes } = topologyLayout({ ...many(0), nodes: [...bridges, ...ports] }, 600);
    expect(shapes.length).to.be.below(200);
  });

  it('draws one line for the two ends of a veth pair, between their sides', () => {
    const { lines, shapes } = topologyLayout(router, 900);
    expect(lines.map(({ kind }) => kind)).to.deep.equal(['veth', 'tunnel', 'tunnel']);
    const [veth, peer] = ['veth0', 'peer'].map((id) => shapes.find(({ item }) => item.id === id)!);
    expect(lines[0]!.path.startsWith(`M${veth!.x + veth!.width} ${veth!.y + veth!.height / 2}C`)).to.equal(true);
    expect(lines[0]!.path.endsWith(` ${peer!.x} ${peer!.y + peer!.height / 2}`)).to.equal(true);
  });

  it('draws a straight line between neighbours of a row, and an arc below the links between two others', () => {
    const nodes = ['a', 'b', 'c', 'd'].map((id) => node(id, 'veth'));
    const edges: TopologyEdge[] = [
      { from: 'a', to: 'b', kind: 'veth' },
      { from: 'd', to: 'a', kind: 'tunnel' },
    ];
    const { lines, shapes } = topologyLayout({ namespaces: [{ id: 'blue', name: 'blue' }], nodes, edges }, 600);
    const [a, b, d] = ['a', 'b', 'd'].map((id) => shapes.find(({ item }) => item.id === id)!);
    const bottom = a!.y + a!.height;
    expect(lines.map(({ path }) => path)).to.deep.equal([
      `M${a!.x + a!.width} ${a!.y + a!.height / 2}H${b!.x}`,
      `M${d!.x + d!.width / 2} ${bottom}C${d!.x + d!.width / 2} ${bottom + 12} ${a!.x + a!.width / 2} ${bottom + 12} ${a!.x + a!.width / 2} ${bottom}`,
    ]);
  });

  it('is described in sentences', () => {
    expect(topologyText(router)).to.equal(
      'Namespace blue: gre1, bond0, br0. bond bond0 has the ports ens3 and carries bond0.10. bridge br0 has the ports veth0, vxlan1. ' +
        'Namespace red: eth0. veth0 is connected with eth0 in red. vxlan1 is a tunnel to 192.0.2.7. gre1 is a tunnel to eth0 in red.',
    );
    const turned = { ...router, edges: [{ from: 'peer', to: 'veth0', kind: 'veth' } as const] };
    expect(topologyText(turned)).to.include('veth0 is connected with eth0 in red.');
    expect(topologyText(many(496))).to.match(
      /^Namespace blue: br0\. bridge br0 has the ports v0, v1, v2, v3, v4, v5, v6, v7 and 488 more\.$/,
    );
  });

  it('takes changes of links, connections and namespaces', () => {
    const state = new TopologyState();
    state.replace({ ...router, note: 'not root' });
    state.change({
      nodes: [
        ['gre1', null],
        ['br0', node('br0', 'bridge', { state: 'down' })],
      ],
      edges: [['tunnel gre1 peer', null]],
    });
    const { nodes, edges, namespaces, note } = state.current;
    expect(nodes.map(({ id, state: now }) => `${id} ${now}`))
      .to.include('br0 down')
      .and.have.lengthOf(7);
    expect(edges).to.deep.equal(router.edges.slice(0, 4));
    expect(namespaces).to.deep.equal(router.namespaces);
    expect(note).to.equal(undefined);
  });
});
