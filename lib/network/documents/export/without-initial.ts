import { sameValue } from '../../../live/internal.js';
import type { OptionTable } from '../../fields/option-table.js';

type Values = Readonly<Record<string, unknown>>;

/**
 * Returns the values that differ from those of a new object; undefined if none does.
 *
 * A switch that is off and a number that is 0 are those of a new object, if it does not have another value. Values inside of an object
 * are compared one by one.
 *
 * @internal
 */
export function withoutInitial(values: Values, initial: Values): Values | undefined {
  const entries = Object.entries(values).flatMap(([name, value]): [string, unknown][] => {
    const first = initial[name];
    if (!isPlain(value)) return (first === undefined ? value === false || value === 0 : sameValue(value, first)) ? [] : [[name, value]];
    const inner = isPlain(first) ? withoutInitial(value, first) : value;
    return inner === undefined ? [] : [[name, inner]];
  });
  return entries.length === 0 ? undefined : Object.fromEntries(entries);
}

/** Returns the options of a kind that differ from those of a new object; undefined if none does. @internal */
export function optionsWithoutInitial(table: OptionTable, options: Values, initial: Values): Values | undefined {
  const entries = Object.entries(options).filter(([name, value]) => {
    const option = table[name];
    if (option === undefined || option.out === true) return false;
    const first = option.initial ?? initial[name];
    return first === undefined || !(option.same?.(first, value) ?? sameValue(first, value));
  });
  return entries.length === 0 ? undefined : Object.fromEntries(entries);
}

function isPlain(value: unknown): value is Values {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
