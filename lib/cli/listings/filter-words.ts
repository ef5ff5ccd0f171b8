import { UsageError } from '../run/usage-error.js';
import type { Filter, FilterValue } from './listing.js';

/**
 * Returns the filter that words describe: `link=eth0`, `up=true`, `master=null`, `local.port=443`; a word without `=` is the value of `word`.
 *
 * The tables check the names and the types of the properties.
 */
export function readFilter(words: readonly string[], word: string): Filter {
  const filter: Record<string, FilterValue> = {};
  for (const text of words) {
    const [, path = word, value = text] = /^([a-zA-Z][\w.]*)=(.*)$/s.exec(text) ?? [];
    const names = path.split('.');
    const last = names.pop()!;
    let part = filter;
    for (const name of names) {
      const inner: FilterValue = (part[name] ??= {});
      if (typeof inner !== 'object' || inner === null) throw new UsageError(`${name} is given twice: ${String(inner)} and ${text}`);
      part = inner as Record<string, FilterValue>;
    }
    if (Object.hasOwn(part, last)) throw new UsageError(`${path} is given twice, the second time in ${text}`);
    part[last] = path === word ? value : valueOf(value);
  }
  return filter;
}

function valueOf(text: string): FilterValue {
  if (text === 'true' || text === 'false') return text === 'true';
  if (text === 'null') return null;
  return /^-?\d{1,15}$/.test(text) ? Number(text) : text;
}
