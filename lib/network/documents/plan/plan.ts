import type { Difference } from '../../tables/verbs.js';
import type { NetworkDocument } from '../document.js';

/** The key of what was read for a plan. An object that was parsed from JSON lacks it: give `apply` the document then. @public */
export const Basis: unique symbol = Symbol('Basis');

/** The differences between a document and the namespace, at the moment of reading. @public */
export interface Plan {
  /** The changes that `apply` makes, in their order. */
  readonly differences: readonly PlanDifference[];
  /** The objects that the kernel deletes along with them: `7 routes go with address 10.0.0.1/24 on v0 (...)`. */
  readonly effects: readonly string[];
  /** Objects of others that stand in the way. `apply` refuses a plan with conflicts, unless it continues on failure. */
  readonly conflicts: readonly PlanDifference[];
  /** All of it as text, one line each; empty if nothing differs. */
  readonly text: string;
  /** True if nothing differs. */
  readonly isEmpty: boolean;
  /** The document. */
  readonly document: NetworkDocument;
  /** The rows that were read; not enumerable. */
  readonly [Basis]: object;
}

/** A difference of a plan. @public */
export interface PlanDifference extends Difference {
  /** The named namespace of the object; absent for that of `network()`. */
  readonly netns?: string;
}
