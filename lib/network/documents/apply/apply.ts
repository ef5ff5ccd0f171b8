import type { ObservableInput } from 'rxjs';
import type { NetworkError } from '../../common/network-error.js';
import type { VerbOptions } from '../../tables/verbs.js';
import type { Time } from '../../units/time.js';
import type { Plan, PlanDifference } from '../plan/plan.js';

/** The options of `apply`. @public */
export interface ApplyOptions extends VerbOptions {
  /**
   * The reaction to a failure: all is undone; it is left as it is; or the rest is written, and what failed is in `left`.
   * @defaultValue `'undo'`
   */
  readonly onFailure?: 'undo' | 'stop' | 'continue';
  /**
   * The longest time to wait for duplicate address detection.
   * @defaultValue 3 seconds
   */
  readonly settle?: Time;
  /**
   * Undoes all, unless `by` emits a value other than `false` in time after everything was verified. A promise and its value will do as well.
   *
   * In this process only: if it dies, the changes stay.
   */
  readonly confirm?: { readonly within: Time; readonly by: ObservableInput<unknown> };
}

/** The verified result of `apply`. @public */
export interface Applied {
  /** The changes that were made. */
  readonly differences: readonly PlanDifference[];
  /** The number of requests that changed something. */
  readonly written: number;
  /** The number of rounds: the kernel may undo something as a side effect, which the next round writes again. */
  readonly rounds: number;
  /** The differences that are left; only with `onFailure: 'continue'`. */
  readonly left: readonly LeftDifference[];
}

/** A difference that `apply` has left, because it could not write it. @public */
export interface LeftDifference extends PlanDifference {
  /** The failure of its last write; absent if the kernel acknowledged it without effect. */
  readonly error?: NetworkError;
}

/** The progress of `apply`. @public */
export type ApplyEvent =
  | { readonly type: 'started'; readonly plan: Plan }
  | { readonly type: 'done'; readonly difference: PlanDifference }
  | { readonly type: 'verified' }
  | { readonly type: 'undoing'; readonly cause: unknown }
  | { readonly type: 'applied'; readonly result: Applied };
