import { compareFields, type Fields, type Shown } from '../families/compare/fields.js';

/** Compares the rows of a tool with decoded rows, and counts the compared values. */
export interface Tally {
  /** Compares all values that the tool shows of an object. */
  compare<Value>(at: string, shown: Shown, value: Value, fields: Fields<Value>): void;
  /** Adds values that the spec compared itself. */
  add(count: number): void;
}

/** Returns a counter of compared values, which is printed after the specs of the `describe`. */
export function useTally(judge: string): Tally {
  let values = 0;
  after(() => {
    if (values > 0) process.stdout.write(`      ${String(values)} values are equal to those of ${judge}\n`);
  });
  return {
    compare(at, shown, value, fields) {
      compareFields(at, shown, value, fields);
      values += Object.keys(shown).length;
    },
    add: (count) => {
      values += count;
    },
  };
}
