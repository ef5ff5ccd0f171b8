import { valueText, type Change } from './compare.js';
import type { TableModel, Wanted } from './table-model.js';
import type { Difference } from './verbs.js';

/** The sign of each action at the beginning of a line. */
const SIGNS: Readonly<Record<Difference['action'], string>> = { add: '+', change: '~', recreate: '~', delete: '-' };

/**
 * Returns the difference of an object, with its text.
 *
 * @param object - The object as it will be; for a deletion, as it was.
 * @internal
 */
export function difference(
  { table, noun, nameOf }: Pick<TableModel<object>, 'table' | 'noun' | 'nameOf'>,
  action: Difference['action'],
  object: Wanted,
  changes?: ReadonlyMap<string, Change>,
): Difference {
  const name = nameOf(object);
  const line = `${SIGNS[action]} ${noun} ${name}`;
  if (changes === undefined || changes.size === 0) {
    // A plan may have 100,000: see literals in `lib/network/README.md`.
    const made: { -readonly [Name in keyof Difference]?: Difference[Name] } = {};
    made.table = table;
    made.action = action;
    made.name = name;
    made.text = line;
    return made as Difference;
  }
  const parts = [...changes].map(([path, { from, to }]) => `${path} ${valueText(from)} -> ${valueText(to)}`);
  return { table, action, name, text: `${line}: ${parts.join(', ')}`, changes: Object.fromEntries(changes) };
}
