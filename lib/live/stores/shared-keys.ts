/*
 * Objects that share a key, such as two routes of one slot. Each has a number, which it keeps as long as it exists, so that a string can
 * name it. Most objects share their key with no other: they have number 0 and take no memory.
 */

const numbers = new WeakMap<object, number>();

/** Returns the name of an object: its key, and its number if it is not the first one with this key. @internal */
export function numberedKey(key: string, value: object): string {
  const number = numbers.get(value) ?? 0;
  return number === 0 ? key : `${key} #${number + 1}`;
}

/** Gives the number of an object to its next state. @internal */
export function passNumber(previous: object, value: object): void {
  if (previous !== value) setNumber(value, numbers.get(previous) ?? 0);
}

/** Gives an object the lowest number that no other one with its key has. @internal */
export function assignNumber(value: object, others: readonly object[]): void {
  const taken = new Set(others.map((other) => numbers.get(other) ?? 0));
  let number = 0;
  while (taken.has(number)) number++;
  setNumber(value, number);
}

function setNumber(value: object, number: number): void {
  if (number === 0) numbers.delete(value);
  else numbers.set(value, number);
}
