import { isNetworkError, NetworkError } from '../../common/network-error.js';
import { conflictError } from '../plan/conflict.js';
import type { PlanDifference } from '../plan/plan.js';
import type { Planned } from '../plan/plan-document.js';
import type { LeftDifference } from './apply.js';
import { lineOf } from './compare-plans.js';

/** The reasons why differences are left: the failures of one round. */
export class LeftReasons {
  readonly #byLine = new Map<string, Error>();
  /** An object that was written in part has another line in the next plan. */
  readonly #byPath = new Map<string, Error>();

  /** @param path - The place in the document; empty or undefined if there is none. */
  add(path: string | undefined, differences: readonly PlanDifference[], error: Error): void {
    for (const difference of differences) this.#byLine.set(lineOf(difference), error);
    if (path !== undefined && path !== '') this.#byPath.set(path, error);
  }

  clear(): void {
    this.#byLine.clear();
    this.#byPath.clear();
  }

  /** Returns what a plan would write except namespaces, and its conflicts, with the reasons. */
  leftOf({ plan, changes, firewalls }: Planned): readonly LeftDifference[] {
    const reasonOf = (difference: PlanDifference, path = ''): LeftDifference => {
      const error = this.#byLine.get(lineOf(difference)) ?? this.#byPath.get(path);
      return error === undefined ? difference : { ...difference, error: asNetworkError(error) };
    };
    return [
      ...changes.map(({ change }) => reasonOf(change.difference, change.path)),
      ...firewalls.flatMap(({ differences }) => differences.map((difference) => reasonOf(difference))),
      ...plan.conflicts.map((conflict) => ({ ...conflict, error: conflictError(conflict) })),
    ];
  }
}

function asNetworkError(error: Error): NetworkError {
  if (isNetworkError(error)) return error;
  return new NetworkError({ reason: 'invalid', verb: 'apply', subject: 'document', text: error.message, cause: error });
}
