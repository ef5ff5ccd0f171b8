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

/** @throws TypeError that begins with the name, if the options are not an object or one of them is unknown. @internal */
export function checkOptionNames(name: string, options: object, known: ReadonlySet<string>): void {
  if (typeof options !== 'object' || (options as unknown) === null) {
    throw new TypeError(`${name}: options must be an object, not ${kindOf(options)}`);
  }
  for (const option in options) {
    if (known.has(option)) continue;
    throw new TypeError(`${name}: unknown option '${option}'; there are ${[...known].join(', ')}${suggestion(option, known, '; ')}`);
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
