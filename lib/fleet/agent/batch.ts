import { MAX_ROWS, MAX_SHARDS, MAX_TEXT } from '../log/limits.js';
import { encodeMessage, encodeRow } from '../log/message.js';

/** The rows of one batch before they are encoded: more of them would hold up the event loop. */
const BATCH_ROWS = 20_000;

/** The bytes of a message without rows, at most. */
const EMPTY = 100;

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

/** Called with a row that does not fit in a message, which is omitted. */
type TooLarge = (key: string, row: object, bytes: number) => void;

/**
 * Writes all rows as a snapshot, except those that do not fit in a message.
 *
 * @throws OversizeError if it exceeds the limit.
 * @internal
 */
export function snapshotOf(
  id: string,
  shards: number,
  rows: ReadonlyMap<string, object>,
  stateOf: StateOf,
  limit: number,
  tooLarge: TooLarge,
): Batch {
  const set: string[] = [];
  for (const [key, row] of rows) {
    const text = fittingRow(key, row, stateOf, limit, tooLarge);
    if (text !== undefined) set.push(text);
  }
  const data = messageWithin(limit, 0, shards, set, []);
  if (typeof data === 'number') throw new OversizeError(data);
  return { id, data, snapshot: true, keys: [], set: set.length, del: 0 };
}

/**
 * Writes as many of the pending changes as a message holds, and removes them from `pending`. A row that does not fit in a message is removed, because
 * the one that readers have is not its state any more.
 *
 * @internal
 */
export function batchOf(
  id: string,
  prev: number,
  rows: ReadonlyMap<string, object>,
  pending: Set<string>,
  stateOf: StateOf,
  limit: number,
  tooLarge: TooLarge,
): Batch {
  for (let count = Math.min(pending.size, BATCH_ROWS); ; count = Math.ceil(count / 2)) {
    const keys = firstKeys(pending, count);
    const set: string[] = [];
    const del: string[] = [];
    for (const key of keys) {
      const row = rows.get(key);
      const text = row === undefined ? undefined : fittingRow(key, row, stateOf, limit, tooLarge);
      if (text === undefined) del.push(key);
      else set.push(text);
    }
    const data = messageWithin(limit, prev, undefined, set, del);
    if (typeof data === 'number' && count === 1) throw new OversizeError(data);
    if (typeof data === 'number') continue;
    for (const key of keys) pending.delete(key);
    return { id, data, snapshot: false, keys, set: set.length, del: del.length };
  }
}

/** Encodes a row; undefined if no message can hold it. */
function fittingRow(key: string, row: object, stateOf: StateOf, limit: number, tooLarge: TooLarge): string | undefined {
  const text = encodeRow(key, stateOf(row));
  // A shorter one fits, also without being deflated.
  if (text.length * 3 < limit - EMPTY) return text;
  const data = messageWithin(limit, 0, MAX_SHARDS, [text], []);
  if (typeof data !== 'number') return text;
  tooLarge(key, row, data);
  return undefined;
}

/** Writes a message; returns its size if it exceeds a limit, before or after it is deflated. */
function messageWithin(limit: number, ...[prev, shards, set, del]: Parameters<typeof encodeMessage>): Uint8Array | number {
  const lengths = [...set.map((row) => Buffer.byteLength(row)), ...del.map((key) => Buffer.byteLength(JSON.stringify(key)))];
  const text = lengths.reduce((sum, length) => sum + length + 1, EMPTY);
  if (text > MAX_TEXT || set.length + del.length > MAX_ROWS) return text;
  const data = encodeMessage(prev, shards, set, del);
  return data.byteLength > limit ? data.byteLength : data;
}

function firstKeys(pending: ReadonlySet<string>, count: number): readonly string[] {
  const keys: string[] = [];
  for (const key of pending) {
    if (keys.length === count) break;
    keys.push(key);
  }
  return keys;
}
