import { hashOf } from '../hash.js';
import { encodeMessage, encodeRow } from '../log/message.js';
import { MAX_ROWS, MAX_SHARDS, MAX_TEXT } from '../log/limits.js';

/** Rows that are encoded to estimate the size of all. */
const SAMPLE = 2000;

/** A snapshot uses at most this part of a message at first, so that the table can grow. */
const PART = 4;

/** Returns the shard of a row, by its key. @internal */
export function shardOfKey(key: string, shards: number): number {
  return shards === 1 ? 0 : hashOf(key) % shards;
}

/**
 * Estimates the number of shards of a table, a power of two, from some of its rows.
 *
 * @param limit - The size of a message.
 * @internal
 */
export function shardCount(rows: readonly object[], stateOf: (row: object) => object, limit: number): number {
  const step = Math.max(1, Math.floor(rows.length / SAMPLE));
  const sample: string[] = [];
  for (let at = 0; at < rows.length; at += step) sample.push(encodeRow(`${at}`, stateOf(rows[at]!)));
  const factor = rows.length / Math.max(1, sample.length);
  const size = encodeMessage(0, 1, sample, []).byteLength * factor;
  const text = sample.reduce((sum, row) => sum + row.length, 0) * factor;
  const parts = Math.max(size / limit, text / MAX_TEXT, rows.length / MAX_ROWS) * PART;
  let shards = 1;
  while (shards < MAX_SHARDS && shards < parts) shards *= 2;
  return shards;
}
