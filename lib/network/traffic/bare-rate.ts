import { FieldError } from '../common/field-error.js';
import type { OptionTable } from '../fields/option-table.js';

/** The least rate of a number without a unit: one below it is a rate in other units, such as megabits, by mistake. @internal */
export const LEAST_RATE = 8000;

/** The least rate: one byte per second. */
const BYTE = 8;

/** Returns true for a number without a unit that is hardly bits per second. @internal */
export function isBareRate(value: unknown): value is number {
  return typeof value === 'number' && value > 0 && value < LEAST_RATE;
}

/** Returns the meaning of a number without a unit, and the remedy. @internal */
export function bareRate(value: number): string {
  return `${value} is ${value} bit/s: write '${value}mbit'`;
}

/** @throws FieldError if a rate is a number that is hardly bits per second. @internal */
export function checkBareRate(value: unknown, path: string): void {
  if (!isBareRate(value)) return;
  const other = value < BYTE ? '' : `, or '${value}bit' if you want that`;
  throw new FieldError(path, `expected at least ${LEAST_RATE} bit/s, or text with a unit; ${bareRate(value)}${other}`);
}

/** Checks the rates among options as they are written. @throws FieldError @internal */
export function checkBareRates(table: OptionTable, given: unknown, path: string): void {
  if (typeof given !== 'object' || given === null) return;
  for (const [name, value] of Object.entries(given)) {
    const option = table[name];
    if (option?.isRate === true) checkBareRate(value, `${path}.${name}`);
    else if (option?.group !== undefined) checkBareRates(option.group, value, `${path}.${name}`);
  }
}

/** The options and actions that are rates. */
const RATES: ReadonlySet<string> = new Set(['rate', 'peakRate', 'ceil', 'firstRate', 'bandwidth', 'maxRate', 'lowRateThreshold']);

/** Returns the properties of an object that was read with small rates as text, so that they can be written. @internal */
export function withRateTexts<T>(value: T): T {
  if (Array.isArray(value)) return value.map((each: unknown) => withRateTexts(each)) as T;
  if (typeof value !== 'object' || value === null || ArrayBuffer.isView(value)) return value;
  const entries = Object.entries(value).map(([name, each]: [string, unknown]) => {
    if (RATES.has(name) && isBareRate(each)) return [name, `${each}bit`];
    // Words of the engine, which are no rates in bits.
    return [name, name === 'options' ? each : withRateTexts(each)];
  });
  return Object.fromEntries(entries) as T;
}
