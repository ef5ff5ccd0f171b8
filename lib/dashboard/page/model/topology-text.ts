import type { Topology, TopologyNode } from '../../protocol.js';
import { topologyTree, type Branch } from './topology-tree.js';

/** The most links that the text lists of one box. */
const MOST_LISTED = 8;

/** Describes a topology in sentences, for readers who do not see the picture. */
export function topologyText(topology: Topology): string {
  const { namespaces, lines, omittedNamespaces } = topologyTree(topology);
  const byId = new Map(topology.nodes.map((node) => [node.id, node]));
  const [first] = topology.namespaces;
  const nameOf = (id: string): string => {
    const node = byId.get(id);
    return node === undefined ? id : node.namespace === first?.id ? node.name : `${node.name} in ${namespaceOf(topology, node)}`;
  };
  const sentences = namespaces.flatMap(({ name, error, children, omitted }) => [
    error === undefined
      ? `Namespace ${name}: ${list(
          children.map(({ node }) => node.name),
          omitted,
        )}.`
      : `Namespace ${name} is not shown: ${error}.`,
    ...children.flatMap(describeBranch),
  ]);
  if (omittedNamespaces > 0) sentences.push(`${omittedNamespaces} more namespaces.`);
  for (const { from, to, kind } of lines) {
    const verb = kind === 'veth' ? 'is connected with' : kind === 'lower' ? 'is on' : 'is a tunnel to';
    // A veth pair has no direction: the end in the namespace of the tables is first.
    const isTurned = kind === 'veth' && byId.get(to)?.namespace === first?.id && byId.get(from)?.namespace !== first?.id;
    sentences.push(isTurned ? `${nameOf(to)} ${verb} ${nameOf(from)}.` : `${nameOf(from)} ${verb} ${nameOf(to)}.`);
  }
  return sentences.join(' ');
}

function describeBranch({ node, children, omitted }: Branch): string[] {
  if (children.length === 0) return [];
  const ports = children.filter((child) => child.node.master === node.id).map((child) => child.node.name);
  const others = children.filter((child) => child.node.master !== node.id).map((child) => child.node.name);
  const parts = [
    ...(ports.length > 0 ? [`has the ports ${list(ports, omitted)}`] : []),
    ...(others.length > 0 ? [`carries ${list(others, ports.length > 0 ? 0 : omitted)}`] : []),
  ];
  return [`${node.kind} ${node.name} ${parts.join(' and ')}.`, ...children.flatMap(describeBranch)];
}

function list(names: readonly string[], omitted: number): string {
  const listed = names.slice(0, MOST_LISTED);
  const more = names.length - listed.length + omitted;
  if (listed.length === 0) return 'no links';
  return more > 0 ? `${listed.join(', ')} and ${more} more` : listed.join(', ');
}

function namespaceOf({ namespaces }: Topology, node: TopologyNode): string {
  return namespaces.find(({ id }) => id === node.namespace)?.name ?? node.namespace;
}
