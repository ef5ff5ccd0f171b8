import type { Operation } from '../objects/thing.js';

/**
 * The operations of one table, in the order in which a transaction needs them.
 *
 * The kernel checks the use of an object at each operation, so what uses it is deleted before it, also within a transaction.
 *
 * @internal
 */
export interface Steps {
  /** Deletes a table that is created again. */
  readonly removeTable: Operation[];
  /** Deletes rules, and elements that use something that is created again. */
  readonly release: Operation[];
  /** Deletes what is created again. */
  readonly removeFirst: Operation[];
  /** Creates and changes the table, then what is in it: flowtables, objects, sets, chains. */
  readonly create: Operation[];
  /** Deletes and adds elements. */
  readonly elements: Operation[];
  /** Replaces and adds rules. */
  readonly rules: Operation[];
  /** Deletes what is no longer wanted and no longer used. */
  readonly removeLast: Operation[];
}

/** Returns no operations. @internal */
export function emptySteps(): Steps {
  return { removeTable: [], release: [], removeFirst: [], create: [], elements: [], rules: [], removeLast: [] };
}

/** Returns the operations in order. @internal */
export function inOrder(steps: Steps): readonly Operation[] {
  const { removeTable, release, removeFirst, create, elements, rules, removeLast } = steps;
  return [removeTable, release, removeFirst, create, elements, rules, removeLast].flat();
}
