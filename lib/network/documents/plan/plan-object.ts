import { normalise } from '../../fields/shape.js';
import { compare, isAsWanted, merge, type Change } from '../../tables/compare.js';
import type { TableModel, Update, Wanted } from '../../tables/table-model.js';
import type { LinkNames } from '../../names/link-names.js';
import { at, located } from '../parse/path.js';
import { differenceOf } from './difference.js';
import type { PlanDifference } from './plan.js';
import type { DocumentTable, Phase, PlannedChange } from './planned-change.js';

/** A table with its model, and the place of an object in the document. @internal */
export interface Place {
  readonly model: TableModel<object>;
  readonly path: string;
  readonly phase: Phase;
  readonly names: LinkNames;
}

/** The creation of an object. A class, because a plan may have 100,000: see literals in `lib/network/README.md`. */
class Addition implements PlannedChange {
  declare readonly table: DocumentTable;
  declare readonly action: 'add';
  declare readonly path: string;
  declare readonly wanted: Wanted;
  declare readonly difference: PlanDifference;
  declare readonly phase: Phase;

  constructor(table: DocumentTable, path: string, wanted: Wanted, difference: PlanDifference, phase: Phase) {
    this.table = table;
    this.action = 'add';
    this.path = path;
    this.wanted = wanted;
    this.difference = difference;
    this.phase = phase;
  }
}

/** Returns the creation of an object. @throws FieldError if the kernel needs more properties for it. @internal */
export function planAdd({ model, path, phase, names }: Place, wanted: Wanted): PlannedChange {
  // Its requests are made when the indexes of new links are known.
  try {
    if (model.checkNew === undefined) model.create(wanted, names);
    else model.checkNew(wanted);
  } catch (error) {
    throw located(path, error);
  }
  return new Addition(model.table as DocumentTable, path, wanted, differenceOf(model, 'add', wanted), phase);
}

/** Returns the deletion of an object. @throws FieldError if it cannot be deleted. @internal */
export function planDelete({ model, path, phase }: Omit<Place, 'names'>, before: object): PlannedChange {
  at(path, () => model.remove(before));
  const difference = differenceOf(model, 'delete', before);
  return { table: model.table as DocumentTable, action: 'delete', path, before, difference, phase };
}

/** Returns the change of an object towards the wanted properties; undefined if it has them. @internal */
export function planChange({ model, path, phase, names }: Place, before: object, wanted: Wanted): PlannedChange | undefined {
  // Most objects are as wanted.
  if (isAsWanted(wanted, before, model.equal)) return undefined;
  const changes = compare(wanted, before, model.equal);
  const merged = mergedOf(model, before, wanted);
  const update = at(path, () => updateOf(model, before, merged, changes, names));
  const action = 'recreate' in update ? 'recreate' : 'change';
  const difference = differenceOf(model, action, { ...before }, changes);
  const change = { table: model.table as DocumentTable, action, path, before, wanted: merged, changes, difference, phase } as const;
  if (!('recreate' in update) || update.steps === undefined) return change;
  // The model knows a better way than deleting it first.
  return { ...change, steps: (links) => (updateOf(model, before, merged, changes, links) as { readonly steps: Update['steps'] }).steps! };
}

/**
 * Returns the new creation of an object, which may be as wanted and go with another one.
 *
 * @param merged - The whole object with which it is created.
 * @internal
 */
export function planAgain({ model, path, phase }: Place, before: object, wanted: Wanted, merged: Wanted): PlannedChange {
  const changes = compare(wanted, before, model.equal);
  const difference = differenceOf(model, 'recreate', { ...before }, changes);
  return { table: model.table as DocumentTable, action: 'recreate', path, before, wanted: merged, changes, difference, phase };
}

/** Returns the whole object with the wanted properties in it. @internal */
export function mergedOf(model: TableModel<object>, before: object, wanted: Wanted): Wanted {
  return (model.merge ?? merge)(normalise(model.shape, before), wanted);
}

/** Returns the requests of a change. @internal */
export function updateOf(
  model: TableModel<object>,
  before: object,
  merged: Wanted,
  changes: ReadonlyMap<string, Change>,
  names: LinkNames,
): Update {
  const paths = [...changes.keys()];
  const changed = [...new Set(paths.map((path) => path.split('.')[0]!))];
  return model.update(before, merged, changed, names, paths);
}
