import { sameValue } from '../../live/internal.js';
import type { Wanted } from './table-model.js';

/** The values of a property before and after. @internal */
export interface Change {
  readonly from?: unknown;
  readonly to?: unknown;
}

/** Comparisons of single properties, by path: `bridge.ageing`. @internal */
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
    compareValue(name, value, (object as Record<string, unknown>)[name]);
  }
  return changes;

  function compareValue(path: string, value: unknown, found: unknown): void {
    const same = equal[path];
    if (same === undefined && isPlain(value)) {
      const inside = isPlain(found) ? found : {};
      for (const [name, part] of Object.entries(value)) compareValue(`${path}.${name}`, part, inside[name]);
    } else if (same === undefined ? !isSame(value, found) : !same(value, found, object)) changes.set(path, changeOf(path, value, found));
  }
}

/** Returns the first wanted property that an object lacks, with its path: an older kernel ignores an attribute that it does not know. @internal */
export function ignoredChange(changes: ReadonlyMap<string, Change>): readonly [path: string, change: Change] | undefined {
  return [...changes].find(([, { from, to }]) => from === undefined && to !== undefined);
}

/** Returns true if an object has all wanted properties: `compare` would return no changes. @internal */
export function isAsWanted<T extends object>(wanted: Wanted, object: T, equal: Comparisons<T> = {}): boolean {
  for (const name in wanted) if (!hasPart(name, wanted[name], (object as Record<string, unknown>)[name], object, equal)) return false;
  return true;
}

function hasPart<T extends object>(path: string, value: unknown, found: unknown, object: T, equal: Comparisons<T>): boolean {
  const same = equal[path];
  if (same !== undefined) return same(value, found, object);
  if (!isPlain(value)) return isSame(value, found);
  const inside = isPlain(found) ? found : {};
  for (const name in value) if (!hasPart(`${path}.${name}`, value[name], inside[name], object, equal)) return false;
  return true;
}

/** Compares a wanted value with that of an object. Readers omit settings that are absent, and flags that are off. */
function isSame(wanted: unknown, found: unknown): boolean {
  if (found === undefined && (wanted === null || wanted === false)) return true;
  return sameValue(wanted, found);
}

/** Properties whose values are key material, which must not appear in differences or errors. */
const SECRETS: ReadonlySet<string> = new Set(['privateKey', 'presharedKey']);

function changeOf(path: string, wanted: unknown, found: unknown): Change {
  if (SECRETS.has(path.slice(path.lastIndexOf('.') + 1))) return wanted === null ? {} : { to: '(secret)' };
  return { ...(found !== undefined && { from: found }), ...(wanted !== null && { to: withoutSecrets(wanted) }) };
}

function withoutSecrets(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutSecrets);
  if (!isPlain(value)) return value;
  const open = Object.entries(value).filter(([name]) => !SECRETS.has(name));
  return Object.fromEntries(open.map(([name, inner]) => [name, withoutSecrets(inner)]));
}

function isPlain(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
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
