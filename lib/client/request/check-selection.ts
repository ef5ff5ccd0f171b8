import { suggestion } from '../../check/index.js';
import type { RowFilters } from './dump-filter.js';

/** The properties of a request by which a dump selects rows. @internal */
export interface DumpSelection {
  /** Properties with a filter of the library. */
  readonly filters?: RowFilters;
  /** Further properties, by which the kernel selects. Undefined if the kernel rejects a property that it does not know. */
  readonly kernelFilters?: readonly string[];
  /** Properties without which the dump is silently empty. */
  readonly needs?: readonly string[];
}

/** Returns the names of the properties of a request that select rows: 0 is the default of the headers. @internal */
export function selectingProperties(request: object): readonly string[] {
  return Object.entries(request).flatMap(([property, wanted]) => (wanted === undefined || wanted === 0 ? [] : [property]));
}

/**
 * Checks that all properties of a request select rows.
 *
 * @throws TypeError if the kernel would ignore a property silently, or if one is missing without which the dump is silently empty.
 * @internal
 */
export function checkSelection(name: string, { filters = {}, kernelFilters, needs = [] }: DumpSelection, request: object): void {
  const asked = selectingProperties(request);
  const missing = needs.find((property) => !asked.includes(property));
  if (missing !== undefined) throw new TypeError(`${name}: expected ${missing}: the kernel lists nothing without it`);
  if (kernelFilters === undefined) return;
  const known = [...Object.keys(filters), ...kernelFilters];
  const ignored = asked.find((property) => !known.includes(property));
  if (ignored === undefined) return;
  const hint = suggestion(ignored, known, '; ');
  throw new TypeError(`${name}: a dump cannot select by ${ignored}; expected ${known.join(', ')}${hint || '; or filter the rows'}`);
}
