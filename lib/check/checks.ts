import { suggestion } from './suggestion.js';

/** Returns the type of a value for an error text; `null` and arrays have their own. @internal */
export function kindOf(value: unknown): string {
  if (Array.isArray(value)) return 'array';
  return value === null ? 'null' : typeof value;
}

/** @throws TypeError, RangeError that begins with the name. @internal */
export function checkInteger(name: string, value: unknown, least: number, most: number): number {
  if (typeof value !== 'number') throw new TypeError(`${name} must be a number, not ${kindOf(value)}`);
  if (!Number.isInteger(value) || value < least || value > most) {
    throw new RangeError(`${name} must be an integer from ${least} to ${most}, not ${value}`);
  }
  return value;
}

/** @throws TypeError that begins with the name. @internal */
export function checkBoolean(name: string, value: unknown): void {
  if (typeof value !== 'boolean') throw new TypeError(`${name} must be true or false, not ${kindOf(value)}`);
}

/** @throws TypeError that begins with the name. @internal */
export function checkFunction(name: string, value: unknown): void {
  if (typeof value !== 'function') throw new TypeError(`${name} must be a function, not ${kindOf(value)}`);
}

/** Words for a network namespace that are similar to no option, and the option that they mean. */
const OTHER_WORDS: ReadonlyMap<string, string> = new Map([
  ['namespace', 'netns'],
  ['ns', 'netns'],
]);

/** @throws TypeError that begins with the name, if the options are not an object or one of them is unknown. @internal */
export function checkOptionNames(name: string, options: object, known: ReadonlySet<string>): void {
  if (typeof options !== 'object' || (options as unknown) === null) {
    throw new TypeError(`${name}: options must be an object, not ${kindOf(options)}`);
  }
  for (const option in options) {
    if (known.has(option)) continue;
    const meant = OTHER_WORDS.get(option);
    const hint = meant !== undefined && known.has(meant) ? `; did you mean ${meant}?` : suggestion(option, known, '; ');
    throw new TypeError(`${name}: unknown option '${option}'; there are ${[...known].join(', ')}${hint}`);
  }
}

/** @throws TypeError that begins with the name. @internal */
export function checkIterable(name: string, value: unknown): void {
  if (typeof (value as Partial<Iterable<unknown>> | null | undefined)?.[Symbol.iterator] !== 'function') {
    throw new TypeError(`${name} must be iterable, not ${kindOf(value)}`);
  }
}

/** @throws TypeError that begins with the name. @internal */
export function checkArray(name: string, value: unknown): void {
  if (!Array.isArray(value)) throw new TypeError(`${name} must be an array, not ${kindOf(value)}`);
}

/** @throws RangeError that begins with the name. @internal */
export function checkTime(name: string, milliseconds: number): void {
  if (!(milliseconds >= 0)) throw new RangeError(`${name} is ${milliseconds}; expected a non-negative number of milliseconds`);
}

/** @throws RangeError that begins with the name. @internal */
export function checkCount(name: string, count: number): void {
  if (!Number.isSafeInteger(count) || count < 1) throw new RangeError(`${name} is ${count}; expected a whole number of at least 1`);
}
