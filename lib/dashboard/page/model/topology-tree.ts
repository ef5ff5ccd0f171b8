import type { Topology, TopologyEdge, TopologyNamespace, TopologyNode } from '../../protocol.js';

/** A link with the links that belong to it: the ports of a bridge, the VLANs on an interface. */
export interface Branch {
  readonly node: TopologyNode;
  /** The number of a VLAN, if the link is on its parent. */
  readonly label: string | undefined;
  readonly children: readonly Branch[];
  /** The number of children that are not in `children`, because a picture of all would be unreadable. */
  readonly omitted: number;
}

/** A namespace with its links. */
export interface Grove {
  readonly id: string;
  readonly name: string;
  readonly error: string | undefined;
  /** True for the namespace of the tables, and for those whose links are connected with another namespace. */
  readonly isConnected: boolean;
  readonly children: readonly Branch[];
  readonly omitted: number;
}

/** The links as a tree for each namespace, and the connections that the tree does not show. */
export interface TopologyTree {
  readonly namespaces: readonly Grove[];
  readonly omittedNamespaces: number;
  /** The connections between links of the tree, and from those to remote addresses. */
  readonly lines: readonly TopologyEdge[];
  /** The remote addresses of tunnels. */
  readonly remotes: readonly string[];
}

/** The most of each in the picture. Lines within a namespace cross its links: more of them would be a tangle. */
const MOST = { links: 130, namespaces: 12, remotes: 12, perLevel: 64, linesWithin: 16 };

const collator = new Intl.Collator('en', { numeric: true });
const byName = (a: TopologyNode, b: TopologyNode): number => collator.compare(a.name, b.name);

/** Makes the trees of a topology. If there are too many links, each level has the same limit, and counts those that it omits. */
export function topologyTree({ nodes, edges, namespaces }: Topology): TopologyTree {
  const byId = new Map(nodes.map((node) => [node.id, node]));
  const parents = parentsOf(byId, edges);
  const connected = new Set(edges.filter(({ kind }) => kind !== 'lower').flatMap(({ from, to }) => [from, to]));
  const children = new Map<string, TopologyNode[]>();
  for (const node of nodes) {
    const parent = parents.get(node.id)?.id ?? `namespace ${node.namespace}`;
    const siblings = children.get(parent);
    if (siblings === undefined) children.set(parent, [node]);
    else siblings.push(node);
  }
  // The links that explain most come first: those with ports, then those with a connection, then those that are up.
  const worth = (node: TopologyNode): number =>
    (children.has(node.id) ? 4 : 0) + (connected.has(node.id) ? 2 : 0) + (node.state === 'up' || node.state === 'unknown' ? 1 : 0);
  for (const siblings of children.values()) siblings.sort((a, b) => worth(b) - worth(a) || byName(a, b));

  const joined = connectedNamespaces(byId, edges);
  const isConnected = ({ id }: TopologyNamespace, index: number): boolean => index === 0 || joined.has(id);
  const shown = [...namespaces.filter(isConnected), ...namespaces.filter((namespace, index) => !isConnected(namespace, index))].slice(
    0,
    MOST.namespaces,
  );
  const roots = shown.map(({ id }) => `namespace ${id}`);
  const limit = limitPerLevel(roots, children);
  const drawn = new Set<string>();
  const branchesOf = (parent: string): Branch[] =>
    (children.get(parent) ?? [])
      .slice(0, limit)
      .sort((a, b) => Number(children.has(a.id)) - Number(children.has(b.id)) || byName(a, b))
      .map((node) => {
        drawn.add(node.id);
        return { node, label: parents.get(node.id)?.label, children: branchesOf(node.id), omitted: omittedFrom(node.id) };
      });
  const omittedFrom = (parent: string): number => Math.max(0, (children.get(parent)?.length ?? 0) - limit);
  const groves = shown.map(({ id, name, error }, index) => ({
    id,
    name,
    error,
    isConnected: index === 0 || joined.has(id),
    children: branchesOf(roots[index]!),
    omitted: omittedFrom(roots[index]!),
  }));

  const remotes = new Set<string>();
  const pairs = new Set<string>();
  const lines = edges.filter(({ from, to, kind }) => {
    if (!drawn.has(from) || (kind === 'lower' && parents.get(from)?.id === to)) return false;
    // Both ends of a veth pair may name the other one.
    const pair = [from, to].sort().join(' ');
    if (pairs.has(pair)) return false;
    pairs.add(pair);
    if (drawn.has(to)) return true;
    if (kind !== 'tunnel' || byId.has(to) || (remotes.size >= MOST.remotes && !remotes.has(to))) return false;
    remotes.add(to);
    return true;
  });
  const isWithin = ({ from, to }: TopologyEdge): boolean => byId.get(from)?.namespace === byId.get(to)?.namespace;
  return {
    namespaces: groves,
    omittedNamespaces: namespaces.length - shown.length,
    lines: lines.filter(isWithin).length > MOST.linesWithin ? lines.filter((edge) => !isWithin(edge)) : lines,
    remotes: [...remotes],
  };
}

/** Returns the namespaces of links that are connected with another namespace. */
function connectedNamespaces(byId: ReadonlyMap<string, TopologyNode>, edges: readonly TopologyEdge[]): Set<string> {
  const connected = new Set<string>();
  for (const { from, to } of edges) {
    const [one, other] = [byId.get(from)?.namespace, byId.get(to)?.namespace];
    if (one === undefined || other === undefined || one === other) continue;
    connected.add(one).add(other);
  }
  return connected;
}

/** Returns the link in whose box each link is: its master, or else the link below it. A circle is cut. */
function parentsOf(
  byId: ReadonlyMap<string, TopologyNode>,
  edges: readonly TopologyEdge[],
): Map<string, { readonly id: string; readonly label: string | undefined }> {
  const lower = new Map(edges.filter(({ kind }) => kind === 'lower').map((edge) => [edge.from, edge]));
  const parents = new Map<string, { readonly id: string; readonly label: string | undefined }>();
  for (const { id, master, namespace } of byId.values()) {
    const below = lower.get(id);
    const parent = master ?? below?.to;
    if (parent === undefined || byId.get(parent)?.namespace !== namespace) continue;
    const above = new Set([id]);
    let next: string | undefined = parent;
    while (next !== undefined && !above.has(next)) {
      above.add(next);
      next = parents.get(next)?.id;
    }
    if (next === undefined) parents.set(id, { id: parent, label: master === undefined ? below?.label : undefined });
  }
  return parents;
}

/** Returns the highest number of links for each level with which the picture has few enough links. */
function limitPerLevel(roots: readonly string[], children: ReadonlyMap<string, readonly TopologyNode[]>): number {
  const count = (parent: string, limit: number): number =>
    (children.get(parent) ?? []).slice(0, limit).reduce((sum, { id }) => sum + 1 + count(id, limit), 0);
  let limit = MOST.perLevel;
  while (limit > 2 && roots.reduce((sum, root) => sum + count(root, limit), 0) > MOST.links) limit--;
  return limit;
}
