import type { PlanDifference } from '../plan/plan.js';
import type { Planned } from '../plan/plan-document.js';

/** Returns what a plan would write, except namespaces. @internal */
export function remainingOf({ changes, firewalls }: Planned): readonly PlanDifference[] {
  return [...changes.map(({ change }) => change.difference), ...firewalls.flatMap(({ differences }) => differences)];
}

/** Identifies a difference: another plan has it as another object. @internal */
export function lineOf({ netns = '', text }: PlanDifference): string {
  return `${netns} ${text}`;
}

/** Returns true if two plans have the same differences in the same order. @internal */
export function sameDifferences(some: readonly PlanDifference[], others: readonly PlanDifference[]): boolean {
  return some.length === others.length && some.every((difference, position) => lineOf(difference) === lineOf(others[position]!));
}
