import type { Wanted } from '../../tables/table-model.js';
import type { LinkLists } from '../document.js';
import type { DocumentModels, PlannedChange, State } from '../plan/planned-change.js';
import { completeOptions } from './complete-options.js';
import type { QueueOfLink } from './default-options.js';
import { isClsact, ownedBy, topmost, trafficOf } from './found-traffic.js';
import { planClasses } from './plan-classes.js';
import { planFilters } from './plan-filters.js';
import { addition, changeInPlace, changesTo, deletion, exchange, isRecreated, type TrafficContext } from './traffic-change.js';
import { nodeOfClsact, nodeOfTree, type TreeNode } from './tree-node.js';

/** The link of a document whose traffic control is planned. @internal */
export interface TrafficLink {
  /** The name that the link will have. */
  readonly name: string;
  /** Its place in the document: `links[3]`. */
  readonly path: string;
  /** The name that it has; absent if the plan creates the link. */
  readonly found?: string | undefined;
  /** The properties on which defaults depend, as they will be. */
  readonly queue: QueueOfLink;
}

/**
 * Returns the changes that make the qdiscs, classes and filters of a link equal to those of a document.
 *
 * The trees are owned whole: what they do not list is deleted, and what an object does not list gets its default.
 *
 * @param lists - The trees, in normal form; an absent one is left alone, `null` means that there is none.
 * @internal
 */
export function planTraffic(
  link: TrafficLink,
  { qdisc, clsact }: Pick<LinkLists, 'qdisc' | 'clsact'>,
  state: Pick<State, 'objects' | 'names'>,
  models: DocumentModels,
): readonly PlannedChange[] {
  const found = trafficOf(link.found, state, models);
  const context = { models, names: state.names, queue: link.queue, found };
  const root = qdisc === null || qdisc === undefined ? undefined : nodeOfTree(link.name, qdisc, `${link.path}.qdisc`);
  const sides = clsact === null || clsact === undefined ? undefined : nodeOfClsact(link.name, clsact, `${link.path}.clsact`);
  return [
    ...(qdisc === undefined ? [] : planTree(context, root, topmost(found))),
    ...(clsact === undefined ? [] : planTree(context, sides, found.qdiscs.filter(isClsact))),
  ];
}

function planTree(context: TrafficContext, node: TreeNode | undefined, found: readonly object[]): readonly PlannedChange[] {
  if (node === undefined) return found.map((qdisc) => deletion(context.models, 'qdiscs', qdisc));
  return planNode(context, node, atPlace(found, node));
}

function planNode(context: TrafficContext, node: TreeNode, found: object | undefined): readonly PlannedChange[] {
  const { models, names, queue } = context;
  if (found === undefined) return [addition(models, 'qdiscs', node), ...below(context, node)];
  const wanted = completeOptions('qdiscs', node.wanted, found, { queue, qdisc: {} });
  const changes = changesTo(models, 'qdiscs', wanted, found);
  const own = ownedBy(context.found, found);
  const classes = planClasses(context, node, own);
  if (isRecreated(context, 'qdiscs', wanted, found, changes) || classes.fixed.size > 0) {
    const all = new Map([...changes, ...classes.fixed]);
    // The kernel gives the defaults to what the document omits: some of them follow from what is written.
    return [exchange(models, found, { ...node, wanted: withoutNulls(node.wanted) }, all), ...below(context, node)];
  }
  return [
    ...(changes.size === 0 ? [] : [changeInPlace(models, 'qdiscs', found, { ...node, wanted }, changes)]),
    ...classes.changes,
    ...planFilters(models, names, node.filters, own.filters),
    ...node.children.flatMap((child) => planNode(context, child, atPlace(own.children, child))),
  ];
}

/** Returns the creation of all that is below a new qdisc. */
function below(context: TrafficContext, { classes, filters, children }: TreeNode): readonly PlannedChange[] {
  const { models, names } = context;
  return [
    ...classes.map((one) => addition(models, 'classes', one)),
    ...planFilters(models, names, filters, []),
    ...children.flatMap((child) => planNode(context, child, undefined)),
  ];
}

function atPlace(qdiscs: readonly object[], { wanted }: TreeNode): object | undefined {
  return qdiscs.find((qdisc) => (qdisc as Wanted)['parent'] === wanted['parent']);
}

function withoutNulls(wanted: Wanted): Wanted {
  const kind = wanted['kind'] as string;
  const options = wanted[kind] as Wanted | undefined;
  if (options === undefined) return wanted;
  return { ...wanted, [kind]: Object.fromEntries(Object.entries(options).filter(([, value]) => value !== null)) };
}
