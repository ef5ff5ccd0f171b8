import type { Fields } from './fields.js';

/**
 * The naming of most tools: a key in snake_case or kebab-case for the property in camelCase, numbers unchanged, and flags as
 * booleans. The table holds the other keys.
 */
export function byConvention<Value extends object>(otherwise: Fields<Value> = {}): Fields<Value> {
  const named =
    (key: string) =>
    (value: Value, shown: unknown): unknown =>
      plainly((value as Readonly<Record<string, unknown>>)[camelCase(key)], shown);
  return new Proxy(otherwise, { get: (table, key: string) => table[key] ?? named(key) });
}

/** Converts a value to the form of a tool: 64-bit numbers as numbers, a flag as the tool shows flags. */
export function plainly(value: unknown, shown: unknown): unknown {
  if (typeof value === 'bigint') return Number.isSafeInteger(Number(value)) ? Number(value) : String(value);
  if (typeof shown === 'boolean' && typeof value === 'number') return value !== 0;
  if (typeof shown === 'number' && typeof value === 'boolean') return Number(value);
  return value;
}

export function camelCase(name: string): string {
  return name.replaceAll(/[-_ ]([a-zA-Z0-9])/g, (_, letter: string) => letter.toUpperCase());
}
