import { valueText, type Change } from '../../tables/compare.js';
import type { TableModel, Wanted } from '../../tables/table-model.js';
import type { PlanDifference } from './plan.js';
import type { DocumentTable, PlannedChange } from './planned-change.js';

const SIGNS: Readonly<Record<PlannedChange['action'], string>> = { add: '+', change: '~', recreate: '~', delete: '-' };

/** Returns a difference for people. @internal */
export function differenceOf(
  { table, noun, nameOf }: TableModel<object>,
  action: PlannedChange['action'],
  object: Wanted,
  changes?: ReadonlyMap<string, Change>,
): PlanDifference {
  const name = nameOf(object);
  const end = action === 'recreate' ? ' (deleted and created again)' : '';
  const parts = [...(changes ?? [])].map(([path, change]) => changeText(action, path, change));
  const details = parts.length === 0 ? '' : `: ${parts.join(', ')}`;
  const text = `${SIGNS[action]} ${noun} ${name}${details}${end}`;
  return { table, action, name, text, ...(changes !== undefined && { changes: Object.fromEntries(changes) }) };
}

function changeText(action: PlannedChange['action'], path: string, { from, to }: Change): string {
  return action === 'add' ? `${path} ${valueText(to)}` : `${path} ${valueText(from)} -> ${valueText(to)}`;
}
