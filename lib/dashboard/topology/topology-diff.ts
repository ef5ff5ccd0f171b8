import { edgeKey, type Topology, type TopologyDiff, type TopologyEdge } from '../protocol.js';

/** Returns the changes between two topologies; undefined if they are equal. */
export function topologyDiff(before: Topology, now: Topology): TopologyDiff | undefined {
  const nodes = changes(byId(before.nodes), byId(now.nodes));
  const edges = changes(byKey(before.edges), byKey(now.edges));
  const hasOtherNamespaces =
    before.namespaces.length !== now.namespaces.length || now.namespaces.some((namespace, at) => !isSame(before.namespaces[at], namespace));
  if (nodes.length === 0 && edges.length === 0 && !hasOtherNamespaces && before.note === now.note) return undefined;
  return {
    ...(nodes.length > 0 && { nodes }),
    ...(edges.length > 0 && { edges }),
    ...(hasOtherNamespaces && { namespaces: now.namespaces }),
    ...(now.note !== undefined && { note: now.note }),
  };
}

function byId<T extends { readonly id: string }>(list: readonly T[]): ReadonlyMap<string, T> {
  return new Map(list.map((element) => [element.id, element]));
}

function byKey(edges: readonly TopologyEdge[]): ReadonlyMap<string, TopologyEdge> {
  return new Map(edges.map((edge) => [edgeKey(edge), edge]));
}

function changes<T extends object>(
  before: ReadonlyMap<string, T>,
  now: ReadonlyMap<string, T>,
): readonly (readonly [key: string, value: T | null])[] {
  const gone = [...before.keys()].filter((key) => !now.has(key)).map((key) => [key, null] as const);
  return [...gone, ...[...now].filter(([key, value]) => !isSame(before.get(key), value))];
}

/** Compares objects whose properties are texts. */
function isSame<T extends object>(one: T | undefined, other: T): boolean {
  if (one === undefined) return false;
  const names = Object.keys(other) as (keyof T)[];
  return names.length === Object.keys(one).length && names.every((name) => one[name] === other[name]);
}
