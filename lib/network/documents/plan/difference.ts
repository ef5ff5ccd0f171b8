import type { Change } from '../../tables/compare.js';
import { difference } from '../../tables/difference.js';
import type { TableModel, Wanted } from '../../tables/table-model.js';
import type { PlanDifference } from './plan.js';
import type { PlannedChange } from './planned-change.js';

/** Returns a difference for people. @internal */
export function differenceOf(
  model: TableModel<object>,
  action: PlannedChange['action'],
  object: Wanted,
  changes?: ReadonlyMap<string, Change>,
): PlanDifference {
  const made = difference(model, action, object, changes);
  return action === 'recreate' ? { ...made, text: `${made.text} (deleted and created again)` } : made;
}
