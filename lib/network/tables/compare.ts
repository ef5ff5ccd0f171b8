import type { Wanted } from './table-model.js';

/** The values of a property before and after. @internal */
export interface Change {
  readonly from?: unknown;
  readonly to?: unknown;
}

/** Comparisons of single properties. @internal */
export type Comparisons<T> = Readonly<Record<string, (wanted: unknown, found: unknown, object: T) => boolean>>;

/**
 * Returns the wanted properties that an object does not have, by path.
 *
 * Only wanted properties count. `null` wants the property to be absent. Of an object as a value, only its wanted properties count;
 * a list is compared as a whole.
 *
 * @internal
 */
export function compare<T extends object>(wanted: Wanted, object: T, equal: Comparisons<T> = {}): ReadonlyMap<string, Change> {
  const changes = new Map<string, Change>();
  for (const [name, value] of Object.entries(wanted)) {
    const found = (object as Record<string, unknown>)[name];
    const same = equal[name];
    if (same === undefined) compareValue(name, value, found, changes);
    else if (!same(value, found, object)) changes.set(name, changeOf(value, found));
  }
  return changes;
}

function compareValue(path: string, wanted: unknown, found: unknown, changes: Map<string, Change>): void {
  if (isPlain(wanted)) {
    const inside = isPlain(found) ? found : {};
    for (const [name, value] of Object.entries(wanted)) compareValue(`${path}.${name}`, value, inside[name], changes);
  } else if (!isSame(wanted, found)) changes.set(path, changeOf(wanted, found));
}

/** Compares a wanted value with that of an object. Readers omit settings that are absent, and flags that are off. */
function isSame(wanted: unknown, found: unknown): boolean {
  if (found === undefined && (wanted === null || wanted === false)) return true;
  return isEqual(wanted, found);
}

function changeOf(wanted: unknown, found: unknown): Change {
  return { ...(found !== undefined && { from: found }), ...(wanted !== null && { to: wanted }) };
}

function isPlain(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Compares two values in the form of readers. @internal */
export function isEqual(one: unknown, other: unknown): boolean {
  if (one === other) return true;
  if (Array.isArray(one) && Array.isArray(other))
    return one.length === other.length && one.every((element, index) => isEqual(element, other[index]));
  if (!isPlain(one) || !isPlain(other)) return false;
  const names = Object.keys(one);
  return names.length === Object.keys(other).length && names.every((name) => isEqual(one[name], other[name]));
}

/** Returns a value for the text of a difference. @internal */
export function valueText(value: unknown): string {
  if (value === undefined) return 'none';
  return typeof value === 'string'
    ? value
    : JSON.stringify(value, (_key, inner: unknown) => (typeof inner === 'bigint' ? String(inner) : inner));
}

/** Returns an object with the wanted properties in it; those inside of an object as a value are merged too. @internal */
export function merge(object: Wanted, wanted: Wanted): Wanted {
  const merged: Record<string, unknown> = { ...object };
  for (const [name, value] of Object.entries(wanted)) {
    const there = merged[name];
    merged[name] = isPlain(value) && isPlain(there) ? { ...there, ...value } : value;
  }
  return merged;
}
