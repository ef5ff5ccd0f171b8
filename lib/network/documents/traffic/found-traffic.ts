import type { Wanted } from '../../tables/table-model.js';
import { parseHandle } from '../../traffic/handle.js';
import type { DocumentModels, DocumentTable, State } from '../plan/planned-change.js';
import { WITH_CREATED_CLASSES } from './tree-node.js';

/** The qdiscs, classes and filters that are there, without default ones. @internal */
export interface FoundTraffic {
  readonly qdiscs: readonly object[];
  readonly classes: readonly object[];
  readonly filters: readonly object[];
}

/** The objects that belong to a qdisc: its classes, its filters, and the qdiscs of its classes. @internal */
export interface OwnedTraffic {
  readonly classes: readonly object[];
  readonly filters: readonly object[];
  readonly children: readonly object[];
}

/** Returns the traffic control of a link. @internal */
export function trafficOf(link: string | undefined, { objects }: Pick<State, 'objects'>, models: DocumentModels): FoundTraffic {
  const of = (table: DocumentTable): readonly object[] =>
    link === undefined ? [] : (objects[table] ?? []).filter((object) => (object as Wanted)['link'] === link);
  const qdiscs = of('qdiscs').filter((qdisc) => models.qdiscs.isDefault?.(qdisc) !== true);
  return { qdiscs, classes: of('classes').filter(isCreated), filters: of('filters') };
}

/** Returns false for the class that the kernel creates with an hfsc qdisc, under the handle of this. */
function isCreated(one: object): boolean {
  const { kind, handle } = one as { readonly kind: string; readonly handle: string };
  return kind !== 'hfsc' || (parseHandle(handle) & 0xffff) !== 0;
}

/** Returns true for the qdisc of incoming packets and of all outgoing ones. @internal */
export function isClsact(qdisc: object): boolean {
  return (qdisc as Wanted)['parent'] === 'clsact';
}

/** Returns the root qdisc; with a default root of several queues, the qdiscs of these. @internal */
export function topmost({ qdiscs }: FoundTraffic): readonly object[] {
  const majors = new Set(qdiscs.map((qdisc) => majorOf((qdisc as Wanted)['handle'])));
  return qdiscs.filter((qdisc) => !isClsact(qdisc) && !majors.has(majorOf((qdisc as Wanted)['parent'])));
}

/** Returns the objects of a link that belong to a qdisc. @internal */
export function ownedBy({ qdiscs, classes, filters }: FoundTraffic, qdisc: object): OwnedTraffic {
  const { handle, kind } = qdisc as { readonly handle?: string; readonly kind: string };
  if (isClsact(qdisc)) return { classes: [], filters: filters.filter(isOfSide), children: [] };
  const major = majorOf(handle);
  const isBelow = (object: object): boolean => majorOf((object as Wanted)['parent']) === major;
  return {
    classes: WITH_CREATED_CLASSES.has(kind) ? classes.filter((one) => majorOf((one as Wanted)['handle']) === major) : [],
    filters: filters.filter((filter) => !isOfSide(filter) && isBelow(filter)),
    children: qdiscs.filter(isBelow),
  };
}

/** Returns the handles of the classes that have classes below them. @internal */
export function innerClasses(classes: readonly object[]): ReadonlySet<unknown> {
  const handles = new Set(classes.map((one) => (one as Wanted)['handle']));
  return new Set(classes.map((one) => (one as Wanted)['parent']).filter((parent) => handles.has(parent)));
}

function isOfSide(filter: object): boolean {
  const { parent } = filter as { readonly parent: string };
  return parent === 'ingress' || parent === 'egress';
}

/** Returns the major number of a handle; undefined for `root` and `clsact`. */
function majorOf(handle: unknown): number | undefined {
  return typeof handle === 'string' && handle.includes(':') ? parseHandle(handle) >>> 16 : undefined;
}
