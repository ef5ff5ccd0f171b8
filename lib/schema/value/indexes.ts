/**
 * The key under which an array that was an indexed array on the wire keeps its elements' indexes.
 *
 * The kernel numbers most such arrays 1, 2, 3...; those stay plain. Others (bands of a wireless card, WireGuard's peers, all
 * numbered 0) have a property with this key, an array of numbers as long as the array itself; it is not enumerable.
 * Give an array one to write indexes of your own: `Object.assign([first, second], { [Indexes]: [0, 2] })`.
 *
 * @public
 */
export const Indexes: unique symbol = Symbol.for('rxnetlink.indexes');

/** An array that may carry the indexes of its elements. @public */
export interface WithIndexes {
  readonly [Indexes]?: readonly number[];
}

/** Attaches indexes to an array, unless they are the usual ones. @internal */
export function attachIndexes<T>(list: T[], indexes: readonly number[]): T[] {
  if (indexes.some((index, at) => index !== at + 1))
    Object.defineProperty(list, Indexes, { value: indexes, writable: true, configurable: true });
  return list;
}
