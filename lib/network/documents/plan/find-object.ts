import { isDeepStrictEqual } from 'node:util';
import { each, type Work } from '../../common/slices.js';
import { Slots } from '../../tables/slots.js';
import type { TableModel, Wanted } from '../../tables/table-model.js';

/** Finds the objects of a table. @internal */
export interface Finder {
  /** Returns the objects that a key matches. */
  readonly find: (key: Wanted) => readonly object[];
  /**
   * Returns true for an object that is one of a set, read once more.
   *
   * The kernel numbers the rows of a dump that it has sent: an object that is created meanwhile makes it send a row twice.
   */
  readonly isRepeated: (object: object, kept: ReadonlySet<object>) => boolean;
}

/** The finder of an empty table. V8 would compile a look-up for it, and again for the objects that are read when all is written. */
const EMPTY: Finder = { find: () => [], isRepeated: () => false };

/** Sorts the objects of a table by their slots. @internal */
export function* finder(model: TableModel<object>, objects: readonly object[]): Work<Finder> {
  if (objects.length === 0) return EMPTY;
  const slots = new Slots<object>();
  yield* each(objects, (object) => slots.add(model.slot(object), object));
  return {
    find: (key) => {
      const found = slots.get(model.slot(key));
      const first = found[0];
      // Almost all objects are alone in their slot.
      if (first === undefined || (found.length === 1 && model.matches(first, key))) return found;
      return found.filter((object) => model.matches(object, key));
    },
    isRepeated: (object, kept) => slots.get(model.slot(object)).some((other) => kept.has(other) && isDeepStrictEqual(other, object)),
  };
}
