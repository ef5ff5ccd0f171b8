import { SetElemFlags, type SetelemAttrs } from '../../../families/nftables.js';

/** The rows of one interval: its start, which carries the data, and the last key, included. @internal */
export interface IntervalRow {
  readonly row: SetelemAttrs;
  readonly from: Buffer;
  readonly to: Buffer;
}

/**
 * Pairs the rows of a set of intervals without concatenation: starts, and ends that are one past the last key.
 *
 * The kernel sorts them from high to low. A start without an end reaches to the highest key. `nft` writes an end at 0 that has no start.
 *
 * @internal
 */
export function pairIntervals(rows: readonly SetelemAttrs[]): readonly IntervalRow[] {
  const sorted = rows
    .filter(({ key }) => key?.value !== undefined)
    .map((row) => ({ row, key: Buffer.from(row.key!.value!), isEnd: ((row.flags ?? 0) & SetElemFlags.IntervalEnd) !== 0 }))
    .sort((a, b) => Buffer.compare(a.key, b.key) || Number(b.isEnd) - Number(a.isEnd));
  const intervals: IntervalRow[] = [];
  for (const [index, { row, key, isEnd }] of sorted.entries()) {
    if (isEnd) continue;
    const next = sorted[index + 1];
    intervals.push({ row, from: key, to: next === undefined ? Buffer.alloc(key.length, 0xff) : before(next.key) });
  }
  return intervals;
}

/** Returns the key after another one; undefined after the highest. @internal */
export function after(key: Uint8Array): Buffer | undefined {
  const next = Buffer.from(key);
  for (let index = next.length - 1; index >= 0; index--) {
    if (next[index] !== 0xff) {
      next[index]! += 1;
      return next;
    }
    next[index] = 0;
  }
  return undefined;
}

/** Returns the key before another one that is not 0. @internal */
export function before(key: Uint8Array): Buffer {
  const previous = Buffer.from(key);
  for (let index = previous.length - 1; index >= 0; index--) {
    if (previous[index] !== 0) {
      previous[index]! -= 1;
      return previous;
    }
    previous[index] = 0xff;
  }
  return previous;
}
