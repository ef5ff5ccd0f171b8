import { Row } from '../../network/index.js';
import { edgeKey, type Topology, type TopologyEdge, type TopologyNode } from '../protocol.js';
import type { AddressedLink } from '../tables/namespace-rows.js';
import type { NamespaceLinks } from './namespace-links.js';

/** The largest number of links of a topology. */
const NODES = 2000;

/** ARPHRD_ETHER and ARPHRD_LOOPBACK (uapi/linux/if_arp.h). */
const TYPES: Readonly<Record<number, string>> = { 1: 'ethernet', 772: 'loopback' };

/** A link of another namespace, as a link names it: by a number of the namespace in which the link is, and an index. */
export interface Elsewhere {
  readonly from: NamespaceLinks;
  readonly link: AddressedLink;
  readonly netnsid: number;
  readonly index: number;
}

/** Returns the namespace that a link of another one names; undefined if it is not known. */
export type Locate = (elsewhere: Elsewhere) => NamespaceLinks | undefined;

/** Returns the topology of namespaces; the first one is that of the tables. */
export function buildTopology(namespaces: readonly NamespaceLinks[], locate: Locate, note?: string): Topology {
  const own = namespaces[0];
  const idOf = (namespace: NamespaceLinks, index: number): string =>
    namespace === own ? String(index) : `${namespace.id}:${String(index)}`;
  const total = namespaces.reduce((sum, { links }) => sum + links.size, 0);
  const nodes = new Map<string, TopologyNode>();
  for (const namespace of namespaces) addNodes(nodes, namespace, (index) => idOf(namespace, index));
  for (const [id, { master, ...node }] of nodes) if (master !== undefined && !nodes.has(master)) nodes.set(id, node);
  const edges = new Map<string, TopologyEdge>();
  const add = (edge: TopologyEdge): void => {
    const isKnown = nodes.has(edge.from) && (edge.kind === 'tunnel' || nodes.has(edge.to));
    if (isKnown) edges.set(edgeKey(edge), edge);
  };
  const owners = addressOwners(namespaces);
  for (const namespace of namespaces) {
    const byName = new Map([...namespace.links.values()].map((link) => [link.name, link.index]));
    for (const link of namespace.links.values()) {
      const from = idOf(namespace, link.index);
      const there = (netnsid: number | undefined, index: number): string | undefined => {
        const target = netnsid === undefined ? namespace : locate({ from: namespace, link, netnsid, index });
        return target && idOf(target, index);
      };
      const peer = link.peer && there(link.peer.netnsid, link.peer.index);
      if (peer !== undefined) add(from < peer ? { from, to: peer, kind: 'veth' } : { from: peer, to: from, kind: 'veth' });
      const { netnsid, index = -1 } = link.elsewhere ?? { netnsid: undefined, index: byName.get(link.parent ?? '') };
      const parent = there(netnsid, index);
      const label = link.kind === 'vlan' && link.vlan !== undefined ? { label: String(link.vlan.id) } : {};
      if (parent !== undefined) add({ from, to: parent, kind: 'lower', ...label });
      const remote = remoteOf(link);
      if (remote !== undefined) {
        const end = owners.get(remote)?.find((owner) => owner.namespace !== namespace);
        add({ from, to: end === undefined ? remote : idOf(end.namespace, end.index), kind: 'tunnel', label: remote });
      }
    }
  }
  const limit = total > nodes.size ? `Only ${String(nodes.size)} of ${String(total)} links are shown.` : undefined;
  const notes = [note, limit].filter((text) => text !== undefined).join(' ');
  return {
    nodes: [...nodes.values()],
    edges: [...edges.values()],
    namespaces: namespaces.map(({ id, name, error }) => ({ id, name, ...(error !== undefined && { error: error.message }) })),
    ...(notes !== '' && { note: notes }),
  };
}

function addNodes(nodes: Map<string, TopologyNode>, { id: namespace, links }: NamespaceLinks, idOf: (index: number) => string): void {
  const masters = new Map([...links.values()].map(({ name, index }) => [name, idOf(index)]));
  const names = new Set([...links.values()].map(({ master }) => master));
  // Masters first, because their ports are shown inside of them.
  const sorted = [...links.values()].sort((one, other) => Number(names.has(other.name)) - Number(names.has(one.name)));
  for (const link of sorted) {
    if (nodes.size >= NODES) return;
    const id = idOf(link.index);
    const master = typeof link.master === 'string' ? masters.get(link.master) : undefined;
    nodes.set(id, {
      id,
      name: link.name,
      kind: link.kind ?? TYPES[link[Row].ifiType] ?? 'other',
      namespace,
      state: link.up !== true ? 'disabled' : link.state === 'unknown' ? 'up' : String(link.state),
      ...(master !== undefined && { master }),
    });
  }
}

/** Returns the links that have an address, by the address. */
function addressOwners(
  namespaces: readonly NamespaceLinks[],
): ReadonlyMap<string, readonly { readonly namespace: NamespaceLinks; readonly index: number }[]> {
  const owners = new Map<string, { readonly namespace: NamespaceLinks; readonly index: number }[]>();
  for (const namespace of namespaces)
    for (const { index, addresses } of namespace.links.values())
      for (const { address } of addresses) {
        const plain = address.split('/')[0]!;
        const others = owners.get(plain);
        if (others === undefined) owners.set(plain, [{ namespace, index }]);
        else others.push({ namespace, index });
      }
  return owners;
}

/** Returns the address of the other end of a tunnel: of VXLAN, GENEVE, GRE and the others the option `remote`. */
function remoteOf(link: AddressedLink): string | undefined {
  const options = link.kind === undefined ? undefined : (link as unknown as Readonly<Record<string, unknown>>)[link.kind];
  if (typeof options !== 'object' || options === null || !('remote' in options)) return undefined;
  return typeof options.remote === 'string' ? options.remote : undefined;
}
