import { inspect } from 'node:util';
import type { NetworkDocument } from '../document.js';
import { conflictLine } from './conflict.js';
import { Basis, type Plan, type PlanDifference } from './plan.js';

/** The contents of a plan. */
interface PlanParts {
  readonly differences: readonly PlanDifference[];
  readonly conflicts: readonly PlanDifference[];
  readonly effects: readonly string[];
  readonly basis: object;
}

function textOf({ differences, effects, conflicts }: Omit<PlanParts, 'basis'>): string {
  const lines = [...differences.map(({ text }) => text), ...conflicts.map(conflictLine), ...effects.map((effect) => `! ${effect}`)];
  return lines.join('\n');
}

/** Returns the public form of a plan. @internal */
export function makePlan(document: NetworkDocument, { differences, conflicts, effects, basis }: PlanParts): Plan {
  const isEmpty = differences.length === 0 && conflicts.length === 0;
  let known: string | undefined;
  const plan = {
    differences,
    effects,
    conflicts,
    // A plan may have many thousands of lines, and `apply` needs none of them.
    get text() {
      return (known ??= textOf({ differences, effects, conflicts }));
    },
    isEmpty,
    document,
  };
  // `console.log` shows a getter without its value.
  const shown = { value: () => ({ ...plan }) };
  return Object.defineProperties(plan, { [Basis]: { value: basis }, [inspect.custom]: shown }) as unknown as Plan;
}
