import { UsageError } from '../run/usage-error.js';
import type { Filter, FilterValue } from './listing.js';

/**
 * Returns the filter that words describe: `link=eth0`, `up=true`, `master=null`, `local.port=443`; a word without `=` is the value of `word`.
 *
 * The tables check the names and the types of the properties. A name may consist of digits: the value of `word` is a number only if
 * `mayBeNumber` is true.
 */
export function readFilter(words: readonly string[], word: string, mayBeNumber = false): Filter {
  const filter: Record<string, FilterValue> = {};
  for (const text of words) {
    const [, path = word, value = text] = /^([a-zA-Z][\w.]*)=(.*)$/s.exec(text) ?? [];
    const names = path.split('.');
    const last = names.pop()!;
    const part = names.reduce((outer, name) => innerOf(outer, name, text), filter);
    if (Object.hasOwn(part, last)) {
      const isAlone = path === word && value === text ? `; a word alone is the property ${word}` : '';
      throw new UsageError(`${path} is given twice, the second time in ${text}${isAlone}`);
    }
    part[last] = path === word && !mayBeNumber ? value : valueOf(value);
  }
  return filter;
}

/** Returns the filter of a property that has properties. */
function innerOf(outer: Record<string, FilterValue>, name: string, text: string): Record<string, FilterValue> {
  const inner = Object.hasOwn(outer, name) ? outer[name] : (outer[name] = {});
  if (typeof inner !== 'object' || inner === null) throw new UsageError(`${name} is given twice, the second time in ${text}`);
  return inner;
}

function valueOf(text: string): FilterValue {
  if (text === 'true' || text === 'false') return text === 'true';
  if (text === 'null') return null;
  return /^-?\d{1,15}$/.test(text) ? Number(text) : text;
}
