/** Checks that an option is a function. @throws TypeError that begins with the name. @internal */
export function checkFunction(name: string, value: unknown): void {
  if (typeof value !== 'function') throw new TypeError(`${name} must be a function, not ${typeof value}`);
}

/** Checks that an option is a duration. @throws RangeError that begins with the name. @internal */
export function checkTime(name: string, milliseconds: number): void {
  if (!(milliseconds >= 0)) throw new RangeError(`${name} is ${milliseconds}; expected a non-negative number of milliseconds`);
}

/** Checks that an option is a count. @throws RangeError that begins with the name. @internal */
export function checkCount(name: string, count: number): void {
  if (!Number.isSafeInteger(count) || count < 1) throw new RangeError(`${name} is ${count}; expected a whole number of at least 1`);
}
