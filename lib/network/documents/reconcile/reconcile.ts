import type { Time } from '../../units/time.js';
import type { Applied } from '../apply/apply.js';
import type { Plan, PlanDifference } from '../plan/plan.js';

/** The options of `reconcile`. @public */
export interface ReconcileOptions {
  /**
   * The time without events before the namespace is compared with the document.
   * @defaultValue 50 ms
   */
  readonly quiet?: Time;
  /**
   * The longest time between the first event and the comparison, if events do not end.
   * @defaultValue 1 second
   */
  readonly maxWait?: Time;
}

/** The progress of `reconcile`. @public */
export type ReconcileEvent =
  /** The namespace has become as the document describes it. */
  | { readonly type: 'in-sync' }
  /** It differs; the plan is written next. */
  | { readonly type: 'drift'; readonly plan: Plan }
  /** The differences were written and verified. */
  | { readonly type: 'repaired'; readonly result: Applied }
  /** Something could not be written. The rest was; `retryIn` is the time to the next attempt in milliseconds. */
  | { readonly type: 'failed'; readonly error: Error; readonly retryIn: number }
  /** Another program writes the same object again and again. Its repair waits longer each time. */
  | { readonly type: 'fighting'; readonly difference: PlanDifference; readonly times: number };
