import type { Topology, TopologyEdge } from '../../protocol.js';
import { placeItems, type Item, type Placed } from './flow.js';
import { connect, type Line } from './lines.js';
import { topologyTree, type Branch, type Grove } from './topology-tree.js';

/** A box, or a link without ports, at its place. */
export type Shape = Placed;

/** A picture of the topology in pixels: boxes from the outside to the inside, then lines, then links. */
export interface Layout {
  readonly width: number;
  readonly height: number;
  readonly shapes: readonly Shape[];
  readonly lines: readonly Line[];
}

/** Two columns need this width; below it, the namespaces stand below each other. */
const TWO_COLUMNS = 520;
/** The space between the columns, for the lines. */
const CHANNEL = 56;
const GAP = 12;

/** Places the links of a topology in a given width. */
export function topologyLayout(topology: Topology, width: number): Layout {
  const tree = topologyTree(topology);
  const [first, ...others] = tree.namespaces;
  if (first === undefined) return { width, height: 0, shapes: [], lines: [] };
  const hasMore = others.length > 0 || tree.remotes.length > 0;
  const isWide = width >= TWO_COLUMNS && hasMore;
  const left = isWide ? Math.round((width - CHANNEL) * 0.58) : width;
  const main = placeItems([namespaceItem(first)], { x: 0, y: 0, width: left });
  // What is connected is near the main namespace and in the order of its links there: lines are short and seldom cross.
  const joined = others
    .filter(({ isConnected }) => isConnected)
    .map((grove) => ({ grove, place: placeOfPeers(grove, tree.lines, main.shapes) }));
  joined.sort((a, b) => a.place - b.place);
  const remotes = tree.remotes.map((id) => ({ ...note(id), id, kind: 'remote' }));
  const beside = [
    ...joined.map(({ grove }) => namespaceItem(grove)),
    ...(remotes.length > 0 ? [{ ...note('remote addresses'), children: remotes }] : []),
    ...others.filter(({ isConnected }) => !isConnected).map(namespaceItem),
    ...(tree.omittedNamespaces > 0 ? [note(`+${tree.omittedNamespaces} namespaces`)] : []),
  ];
  const rest = isWide
    ? placeItems(beside, { x: left + CHANNEL, y: 0, width: width - left - CHANNEL })
    : placeItems(beside, { x: 0, y: main.height + GAP * 2, width });
  const shapes = [...main.shapes, ...rest.shapes];
  const height = Math.ceil(
    isWide ? Math.max(main.height, rest.height) : rest.height > 0 ? main.height + GAP * 2 + rest.height : main.height,
  );
  return { width, height, shapes, lines: connect(tree.lines, shapes) };
}

/** Returns the mean height at which the links are that a namespace is connected with; the lowest place if none of them is drawn. */
function placeOfPeers({ children }: Grove, lines: readonly TopologyEdge[], shapes: readonly Shape[]): number {
  const heights = new Map(shapes.map(({ item, y }) => [item.id, y]));
  const own = new Set<string>();
  const collect = (branch: Branch): void => {
    own.add(branch.node.id);
    branch.children.forEach(collect);
  };
  children.forEach(collect);
  const peers = lines.flatMap(({ from, to }) => (own.has(from) ? [heights.get(to)] : own.has(to) ? [heights.get(from)] : []));
  const known = peers.filter((height) => height !== undefined);
  return known.length === 0 ? Infinity : known.reduce((sum, height) => sum + height, 0) / known.length;
}

const note = (title: string): Item => ({ title, kind: 'note', state: '', detail: '', children: [] });

function namespaceItem({ id, name, error, children, omitted }: Grove): Item {
  return {
    id: `namespace ${id}`,
    title: name,
    kind: 'namespace',
    state: '',
    detail: error === undefined ? '' : 'not shown',
    isWide: true,
    children: [...children.map(branchItem), ...(omitted > 0 ? [note(`+${omitted} links`)] : [])],
  };
}

function branchItem({ node, label, children, omitted }: Branch): Item {
  return {
    id: node.id,
    title: node.name,
    kind: node.kind,
    state: node.state,
    // The name of a VLAN usually contains its number.
    detail: children.length > 0 ? node.kind : label === undefined || node.name.endsWith(label) ? '' : label,
    children: [...children.map(branchItem), ...(omitted > 0 ? [note(`+${omitted} more`)] : [])],
  };
}
