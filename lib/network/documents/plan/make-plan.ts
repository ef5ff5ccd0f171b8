import type { NetworkDocument } from '../document.js';
import { Basis, type Plan } from './plan.js';
import type { NamespacePlan } from './planned-change.js';

/** Returns the public form of the plans of all namespaces of a document. @internal */
export function makePlan(document: NetworkDocument, { changes, conflicts, effects, ...rest }: NamespacePlan): Plan {
  const differences = changes.map(({ difference }) => difference);
  const lines = [
    ...differences.map(({ text }) => text),
    ...conflicts.map(({ text }) => `? ${text.slice(2)}`),
    ...effects.map((effect) => `! ${effect}`),
  ];
  const plan = {
    differences,
    effects,
    conflicts,
    text: lines.join('\n'),
    isEmpty: differences.length === 0 && conflicts.length === 0,
    document,
  };
  return Object.defineProperty(plan, Basis, { value: { changes, conflicts, effects, ...rest } }) as unknown as Plan;
}
