/**
 * The key under which an array, decoded from an indexed array, keeps the indexes of its elements.
 *
 * The kernel numbers most such arrays 1, 2, 3...; they have no such property. Others (bands of a wireless card, peers of WireGuard, all
 * numbered 0) have a property with this key, an array of numbers as long as the array itself; it is not enumerable.
 * Set it to encode other indexes: `Object.assign([first, second], { [Indexes]: [0, 2] })`.
 *
 * @public
 */
export const Indexes: unique symbol = Symbol.for('rxnetlink.indexes');

/** An array that may carry the indexes of its elements. @public */
export interface WithIndexes {
  /** One index for each element; omitted if they are 1, 2, 3... */
  readonly [Indexes]?: readonly number[];
}

/** Attaches indexes to an array, unless they are 1, 2, 3... @internal */
export function attachIndexes<T>(list: T[], indexes: readonly number[]): T[] {
  if (indexes.some((index, at) => index !== at + 1))
    Object.defineProperty(list, Indexes, { value: indexes, writable: true, configurable: true });
  return list;
}
