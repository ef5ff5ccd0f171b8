import { deflateSync, inflateSync } from 'node:zlib';
import { encodeValue, type EncodeValueOptions } from '../../schema/index.js';
import { decodeParsed } from '../../schema/internal.js';
import { LimitError, MAX_TEXT, checkRows, checkShards } from './limits.js';
import { noteKey } from './row-keys.js';

/** The header with the unique name of a batch: `<epoch>.<number>`. @internal */
export const BATCH_HEADER = 'Rxf-Batch';

/** The version of the format. */
const VERSION = 1;

/** Texts from this size on are deflated. */
const DEFLATED_FROM = 1024;

/** The nesting that a row stays below. */
const ROW_DEPTH = 32;

/** The first byte of a deflated message (RFC 1950); a text begins with `{`. */
const ZLIB = 0x78;

/** A batch of differences of a shard, or a snapshot of it. @internal */
export interface LogMessage {
  /** The sequence of the message before on this subject; 0 for a snapshot, which holds all rows. */
  readonly prev: number;
  /** The number of shards of the table, in snapshots. */
  readonly shards: number | undefined;
  /** The rows that exist, by their keys. */
  readonly set: readonly (readonly [key: string, row: object])[];
  /** The keys of the rows that were removed. */
  readonly del: readonly string[];
}

/** Writes a row for {@link encodeMessage}, without key material. @internal */
export function encodeRow(key: string, row: object): string {
  const options: EncodeValueOptions = { secrets: false };
  return `[${JSON.stringify(key)},${encodeValue(row, options)}]`;
}

/**
 * Writes a message.
 *
 * @param set - Rows of {@link encodeRow}.
 * @internal
 */
export function encodeMessage(prev: number, shards: number | undefined, set: readonly string[], del: readonly string[]): Uint8Array {
  const count = shards === undefined ? '' : `"of":${shards},`;
  const text = Buffer.from(`{"v":${VERSION},"prev":${prev},${count}"set":[${set.join()}],"del":${JSON.stringify(del)}}`);
  return text.byteLength < DEFLATED_FROM ? text : deflateSync(text, { level: 1 });
}

/**
 * Reads a message. It may come from any program that can write to the stream, so each part is checked.
 *
 * @param pick - The properties of the rows to read; all if undefined.
 * @throws LimitError for a message that is too large, Error that states the first part that is wrong.
 * @internal
 */
export function decodeMessage(data: Uint8Array, pick?: ReadonlySet<string>): LogMessage {
  const message: unknown = JSON.parse(textOf(data));
  if (typeof message !== 'object' || message === null) throw new Error('expected an object');
  const { v, prev, of, set, del } = message as { readonly [Name in 'v' | 'prev' | 'of' | 'set' | 'del']?: unknown };
  if (v !== VERSION) {
    throw new Error(`the format has version ${JSON.stringify(v)}; this reader knows version ${VERSION}: update the older side`);
  }
  if (!isCount(prev)) throw new Error('prev: expected a sequence');
  if (of !== undefined && !isCount(of)) throw new Error('of: expected the number of shards');
  checkShards(of ?? 0);
  if (!Array.isArray(set)) throw new Error('set: expected a list');
  if (Array.isArray(del)) checkRows(set.length + del.length);
  if (!Array.isArray(del) || !del.every((key) => typeof key === 'string')) throw new Error('del: expected a list of keys');
  return { prev, shards: of, set: set.map((entry: unknown) => rowOf(entry, pick)), del };
}

function textOf(data: Uint8Array): string {
  if (data.byteLength > MAX_TEXT) throw new LimitError(`${data.byteLength} bytes; the limit is ${MAX_TEXT}`);
  if (data[0] !== ZLIB) return new TextDecoder('utf-8', { fatal: true }).decode(data);
  try {
    return inflateSync(data, { maxOutputLength: MAX_TEXT }).toString('utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ERR_BUFFER_TOO_LARGE') throw error;
    throw new LimitError(`${data.byteLength} bytes that inflate to more than the limit of ${MAX_TEXT}`, { cause: error });
  }
}

function isCount(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 0;
}

function rowOf(entry: unknown, pick: ReadonlySet<string> | undefined): readonly [string, object] {
  const [key, row] = Array.isArray(entry) ? (entry as readonly unknown[]) : [];
  if (typeof key !== 'string' || typeof row !== 'object' || row === null || Array.isArray(row)) {
    throw new Error('set: expected a key and a row each');
  }
  const value = decodeParsed(pick === undefined ? row : picked(row, pick), ROW_DEPTH);
  if (typeof value !== 'object' || value === null) throw new Error(`set: the row '${key}' is not an object`);
  noteKey(value, key);
  return [key, value];
}

/** Projects a row before it is decoded, so that the other properties cost nothing. */
function picked(row: object, pick: ReadonlySet<string>): object {
  return Object.fromEntries(Object.entries(row).filter(([name]) => pick.has(name)));
}
