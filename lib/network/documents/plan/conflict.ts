import { NetworkError } from '../../common/network-error.js';
import type { PlanDifference } from './plan.js';

/** Returns the line of an object of another program that stands in the way. @internal */
export function conflictLine({ text }: PlanDifference): string {
  return `? ${text.slice(2)}`;
}

/** Returns what stands in the way, and what to do. @internal */
export function conflictText(conflicts: readonly PlanDifference[]): string {
  const [first] = conflicts as readonly [PlanDifference];
  const more = conflicts.length > 1 ? ` and ${conflicts.length - 1} more` : '';
  return `objects of other programs stand in the way: ${conflictLine(first)}${more}; ${remedyOf(first)}`;
}

/** Returns the reason why an object of another program was not changed. @internal */
export function conflictError({ table, name, netns }: PlanDifference): NetworkError {
  const subject = `${table.replace(/s$/, '')} ${name}${netns === undefined ? '' : ` in ${netns}`}`;
  return new NetworkError({ reason: 'conflict', verb: 'change', subject, text: `another program has it; ${remedyOf({ table })}` });
}

function remedyOf({ table }: Pick<PlanDifference, 'table'>): string {
  if (table === 'routes') return 'takeOver: true beside a route of the document takes it over';
  return 'delete it, or give the object of the document another key';
}
