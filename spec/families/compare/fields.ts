import { expect } from 'chai';
import { PATIENCE } from '../../support/patience.js';

/** A row of a tool's JSON. */
export type Shown = Readonly<Record<string, unknown>>;

/** A function for each key of a tool, which computes the shown value from the decoded one; `shown` serves to compare approximately. */
export type Fields<Value> = Readonly<Record<string, (value: Value, shown: unknown) => unknown>>;

/**
 * Compares all shown properties of an object with the decoded value; a key that is not in the table is an error.
 *
 * @param at - The position, for the message.
 */
export function compareFields<Value>(at: string, shown: Shown, value: Value, fields: Fields<Value>): void {
  const decoded: Record<string, unknown> = {};
  for (const key of Object.keys(shown)) {
    const field = fields[key];
    if (field === undefined)
      throw new Error(`${at}: nothing is compared with ${key}, which the tool shows as ${JSON.stringify(shown[key])}`);
    decoded[key] = field(value, shown[key]);
  }
  expect(decoded, at).to.deep.equal(shown);
}

/** Compares two tables row by row, by a key; both must have the same keys, each once. */
export function compareRows<Value>(
  shown: readonly Shown[],
  values: readonly Value[],
  fields: Fields<Value>,
  keys: { readonly shown: (row: Shown) => string; readonly value: (value: Value) => string },
): void {
  const byKey = new Map(values.map((value) => [keys.value(value), value]));
  expect(values.map(keys.value), 'rows').to.have.members(shown.map(keys.shown));
  expect(byKey.size, 'keys').to.equal(values.length);
  for (const row of shown) compareFields(keys.shown(row), row, byKey.get(keys.shown(row))!, fields);
}

/** Returns the names of the set bits, in the order of the table. */
export function bitNames(value: number, table: readonly (readonly [name: string, bit: number])[]): string[] {
  return table.filter(([, bit]) => (value & bit) !== 0).map(([name]) => name);
}

export function hex(value: number): string {
  return `0x${value.toString(16)}`;
}

/** Compares a value that changes with time: returns the shown value if the decoded one is close to it, otherwise the decoded one. */
export function within(distance: number, shown: unknown, read: number | undefined): unknown {
  return typeof shown === 'number' && read !== undefined && Math.abs(shown - read) <= distance * PATIENCE ? shown : read;
}
