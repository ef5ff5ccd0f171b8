import { encodeMessage, encodeRow } from '../log/message.js';

/** The rows of one message before they are encoded: more of them would hold up the event loop. */
const MAX_ROWS = 20_000;

/** A message and the changes in it. @internal */
export interface Batch {
  /** The unique name, which decides if a message of unknown outcome was stored. */
  readonly id: string;
  readonly data: Uint8Array;
  readonly snapshot: boolean;
  /** The keys whose changes are in the message; of a snapshot none, because it holds all rows. */
  readonly keys: readonly string[];
  readonly set: number;
  readonly del: number;
}

type StateOf = (row: object) => object;

/** A snapshot that exceeds a message. @internal */
export class OversizeError extends Error {
  readonly size: number;

  constructor(size: number) {
    super(`${size} bytes`);
    this.size = size;
  }
}

/**
 * Writes all rows as a snapshot.
 *
 * @throws OversizeError if it exceeds the limit.
 * @internal
 */
export function snapshotOf(id: string, shards: number, rows: ReadonlyMap<string, object>, stateOf: StateOf, limit: number): Batch {
  const set = Array.from(rows, ([key, row]) => encodeRow(key, stateOf(row)));
  const data = encodeMessage(0, shards, set, []);
  if (data.byteLength > limit) throw new OversizeError(data.byteLength);
  return { id, data, snapshot: true, keys: [], set: set.length, del: 0 };
}

/**
 * Writes as many of the pending changes as a message holds, and removes them from `pending`.
 *
 * @throws OversizeError if a single row exceeds the limit.
 * @internal
 */
export function batchOf(
  id: string,
  prev: number,
  rows: ReadonlyMap<string, object>,
  pending: Set<string>,
  stateOf: StateOf,
  limit: number,
): Batch {
  for (let count = Math.min(pending.size, MAX_ROWS); ; count = Math.ceil(count / 2)) {
    const keys = firstKeys(pending, count);
    const set: string[] = [];
    const del: string[] = [];
    for (const key of keys) {
      const row = rows.get(key);
      if (row === undefined) del.push(key);
      else set.push(encodeRow(key, stateOf(row)));
    }
    const data = encodeMessage(prev, undefined, set, del);
    if (data.byteLength > limit && count === 1) throw new OversizeError(data.byteLength);
    if (data.byteLength > limit) continue;
    for (const key of keys) pending.delete(key);
    return { id, data, snapshot: false, keys, set: set.length, del: del.length };
  }
}

function firstKeys(pending: ReadonlySet<string>, count: number): readonly string[] {
  const keys: string[] = [];
  for (const key of pending) {
    if (keys.length === count) break;
    keys.push(key);
  }
  return keys;
}
