import type { NetworkDocument } from '../document.js';
import { Basis, type Plan, type PlanDifference } from './plan.js';

/** The contents of a plan. */
interface PlanParts {
  readonly differences: readonly PlanDifference[];
  readonly conflicts: readonly PlanDifference[];
  readonly effects: readonly string[];
  readonly basis: object;
}

/** Returns the public form of a plan. @internal */
export function makePlan(document: NetworkDocument, { differences, conflicts, effects, basis }: PlanParts): Plan {
  const lines = [
    ...differences.map(({ text }) => text),
    ...conflicts.map(({ text }) => `? ${text.slice(2)}`),
    ...effects.map((effect) => `! ${effect}`),
  ];
  const isEmpty = differences.length === 0 && conflicts.length === 0;
  const plan = { differences, effects, conflicts, text: lines.join('\n'), isEmpty, document };
  return Object.defineProperty(plan, Basis, { value: basis }) as unknown as Plan;
}
