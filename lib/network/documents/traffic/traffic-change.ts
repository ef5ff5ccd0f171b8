import { normalise } from '../../fields/shape.js';
import type { LinkNames } from '../../names/link-names.js';
import { compare, merge, type Change } from '../../tables/compare.js';
import type { Step } from '../../tables/step.js';
import { qdiscKinds } from '../../qdiscs/kinds/kinds.js';
import type { TableModel, Update, Wanted } from '../../tables/table-model.js';
import { differenceOf } from '../plan/difference.js';
import type { DocumentModels, Phase, PlannedChange } from '../plan/planned-change.js';
import { isRemovedByRecreation } from './complete-options.js';
import type { QueueOfLink } from './default-options.js';
import type { FoundTraffic } from './found-traffic.js';
import type { TreeObject } from './tree-node.js';

/** The tables of traffic control. @internal */
export type TrafficTable = keyof FoundTraffic;

/** The facts that the plan of a link needs. @internal */
export interface TrafficContext {
  readonly models: DocumentModels;
  readonly names: LinkNames;
  readonly queue: QueueOfLink;
  readonly found: FoundTraffic;
}

/** Returns the wanted properties that an object does not have, by path. @internal */
export function changesTo(models: DocumentModels, table: TrafficTable, wanted: Wanted, found: object): ReadonlyMap<string, Change> {
  // A link may have another name until the plan is carried out.
  return compare({ ...wanted, link: (found as Wanted)['link'] }, found, models[table].equal);
}

/** Returns true if the kernel makes the changes only by another object. @internal */
export function isRecreated(
  { models, names }: Pick<TrafficContext, 'models' | 'names'>,
  table: TrafficTable,
  wanted: Wanted,
  found: object,
  changes: ReadonlyMap<string, Change>,
): boolean {
  if (changes.size === 0) return false;
  // What the kernel changes in place is known only of the kinds that the library translates.
  if (table === 'qdiscs' && !qdiscKinds.has(wanted['kind'] as string)) return true;
  if (table !== 'filters' && [...changes].some(([path, { to }]) => isRemovedByRecreation(table, path, to))) return true;
  return 'recreate' in updateOf(models, table, found, wanted, changes, names);
}

/** Returns the creation of an object. @internal */
export function addition(models: DocumentModels, table: TrafficTable, { wanted, path }: TreeObject): PlannedChange {
  return { table, action: 'add', path, wanted, difference: differenceOf(models[table], 'add', wanted), phase: 'traffic' };
}

/** Returns the change of an object in place. @internal */
export function changeInPlace(
  models: DocumentModels,
  table: TrafficTable,
  before: object,
  { wanted, path }: TreeObject,
  changes: ReadonlyMap<string, Change>,
): PlannedChange {
  const whole = mergedInto(models[table], before, wanted);
  return {
    table,
    action: 'change',
    path,
    before,
    wanted: whole,
    changes,
    difference: differenceOf(models[table], 'change', whole, changes),
    phase: 'traffic',
  };
}

/** Returns the deletion of an object and its creation as it is wanted. @internal */
export function recreation(
  models: DocumentModels,
  table: TrafficTable,
  before: object,
  { wanted, path }: TreeObject,
  changes: ReadonlyMap<string, Change>,
): PlannedChange {
  return {
    table,
    action: 'recreate',
    path,
    before,
    wanted,
    changes,
    difference: differenceOf(models[table], 'recreate', wanted, changes),
    phase: 'traffic',
  };
}

/** Returns the recreation of a qdisc, without a moment between the two if the kernel can exchange them. @internal */
export function exchange(models: DocumentModels, before: object, object: TreeObject, changes: ReadonlyMap<string, Change>): PlannedChange {
  const { kind, handle } = before as Wanted;
  // The tree is owned whole: nothing of the old qdisc is kept except a handle that the kernel chose.
  const wanted = object.wanted['kind'] === kind ? { handle, ...object.wanted } : object.wanted;
  const paths = [...changes.keys()].filter((path) => !path.startsWith('classes.'));
  const steps = (names: LinkNames): readonly Step[] => {
    const update = models.qdiscs.update(before, wanted, propertiesOf(paths), names, paths);
    return 'recreate' in update && update.steps !== undefined
      ? update.steps
      : [...models.qdiscs.remove(before), ...models.qdiscs.create(wanted, names)];
  };
  return { ...recreation(models, 'qdiscs', before, { ...object, wanted }, changes), steps };
}

/** Returns the deletion of an object that the document does not list. @internal */
export function deletion(models: DocumentModels, table: TrafficTable, before: object, phase: Phase = 'delete'): PlannedChange {
  return { table, action: 'delete', path: '', before, difference: differenceOf(models[table], 'delete', before), phase };
}

function updateOf(
  models: DocumentModels,
  table: TrafficTable,
  found: object,
  wanted: Wanted,
  changes: ReadonlyMap<string, Change>,
  names: LinkNames,
): Update {
  const paths = [...changes.keys()];
  return models[table].update(found, mergedInto(models[table], found, wanted), propertiesOf(paths), names, paths);
}

function propertiesOf(paths: readonly string[]): readonly string[] {
  return [...new Set(paths.map((path) => path.split('.')[0]!))];
}

/** Returns an object with the wanted properties in it, in the form that is written. */
function mergedInto(model: TableModel<object>, object: object, wanted: Wanted): Wanted {
  return (model.merge ?? merge)(normalise(model.shape, object), wanted);
}
