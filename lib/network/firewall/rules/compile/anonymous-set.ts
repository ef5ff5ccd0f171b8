import type { SetAttrsInput, SetelemAttrsInput } from '../../../../families/nftables.js';
import { SetElemFlags, SetFlags } from '../../../../families/nftables.js';
import { FieldError } from '../../../common/field-error.js';
import { shown } from '../../../fields/check.js';
import { numberBytes, type DataType } from '../../data/data-type.js';
import type { Interval } from '../../data/interval.js';
import { keyBytes, keyInNetworkOrder, keyNumber, parseKey } from '../../data/key.js';
import { parseVerdict } from '../../data/verdict.js';
import { placed, type Part } from '../fields/part.js';
import { parseBits } from './operand.js';
import type { RuleProgram } from './program.js';

/** The values of a map: of a data type, or verdicts. @internal */
export type MapData = DataType | 'verdict';

/** An anonymous set that a rule names. @internal */
export interface NamedByRule {
  readonly set: string;
  readonly setId: number;
  readonly isInterval: boolean;
}

/** nft's number for a verdict (`NFT_DATA_VERDICT`). */
const VERDICT_TYPE = 0xffff_ff00;
/** Bytes of a verdict in a map, as nft declares it. */
const VERDICT_BYTES = 16;
/** Userdata of the start of an interval without an end: type 1, length 4, value 1. */
const OPEN = Buffer.concat([Buffer.from([1, 4]), numberBytes(1, 4, 'host')]);

interface Item extends Interval {
  readonly data?: SetelemAttrsInput['data'];
}

/** Compiles a list of values, or of pairs, into an anonymous set or map. @throws FieldError @internal */
export function compileSet(
  program: RuleProgram,
  parts: readonly Part[],
  items: readonly unknown[],
  path: string,
  data?: MapData,
): NamedByRule {
  if (items.length === 0) throw new FieldError(path, 'a set needs at least one element');
  const parsed = items.map((item, index) => parseItem(parts, item, `${path}[${index}]`, data));
  const isInterval = parsed.some(({ from, to }) => !from.equals(to));
  const isConcat = parts.length > 1;
  const elements = !isInterval ? parsed.map(single) : isConcat ? parsed.map((item) => closed(parts, item)) : intervals(parts, parsed, path);
  const named = program.addSet((id) => ({ id, set: describeSet(parts, id, isInterval, data), elements }));
  return { ...named, isInterval };
}

function parseItem(parts: readonly Part[], item: unknown, path: string, data: MapData | undefined): Item {
  const types = parts.map(({ type }) => type);
  if (data === undefined) return placedKey(parts, itemKey(types, item, path));
  if (!Array.isArray(item) || item.length !== 2) throw new FieldError(path, `expected a key and a value, not ${shown(item)}`);
  const [key, value] = item as [unknown, unknown];
  const parsed = data === 'verdict' ? { verdict: parseVerdict(value, `${path}[1]`) } : { value: data.parse(value, `${path}[1]`) };
  return { ...placedKey(parts, itemKey(types, key, `${path}[0]`)), data: parsed };
}

/** Parses a key. A key of flags can also be `{ '|': ['syn', 'ack'] }`. */
function itemKey(types: readonly DataType[], item: unknown, path: string): Interval {
  const [type] = types;
  if (types.length > 1 || type?.isFlags !== true || typeof item !== 'object') return parseKey(types, item, path);
  const flags = parseBits(type, item, path);
  return { from: flags, to: flags };
}

function placedKey(parts: readonly Part[], { from, to }: Interval): Interval {
  const [part, second] = parts;
  return second === undefined ? { from: placed(part!, from), to: placed(part!, to) } : { from, to };
}

function describeSet(parts: readonly Part[], id: number, isInterval: boolean, data: MapData | undefined): SetAttrsInput {
  const types = parts.map(({ type }) => type);
  const isConcat = parts.length > 1;
  const flags =
    SetFlags.Anonymous |
    SetFlags.Constant |
    (isInterval ? SetFlags.Interval : 0) |
    (isInterval && isConcat ? SetFlags.Concat : 0) |
    (data === undefined ? 0 : SetFlags.Map);
  const mapped =
    data === 'verdict' ? { dataType: VERDICT_TYPE, dataLen: VERDICT_BYTES } : data && { dataType: data.number, dataLen: data.bytes };
  return {
    id,
    name: data === undefined ? '__set%d' : '__map%d',
    flags,
    keyType: keyNumber(types),
    keyLen: isConcat ? keyBytes(types) : (parts[0]!.mask?.length ?? types[0]!.bytes),
    ...mapped,
    ...(isInterval && isConcat ? { desc: { concat: { elem: types.map(({ bytes }) => ({ len: bytes })) } } } : {}),
    userdata: Buffer.concat([
      orderOf(0, isConcat ? undefined : types[0]),
      ...(data === undefined ? [] : [orderOf(1, data === 'verdict' ? undefined : data)]),
    ]),
  };
}

/** Returns nft's userdata for the byte order of keys (0) or of data (1): it needs that to print a number. */
function orderOf(which: number, type: DataType | undefined): Buffer {
  const order = type === undefined ? 0 : type.order === 'host' ? 1 : 2;
  return Buffer.concat([Buffer.from([which, 4]), numberBytes(order, 4, 'host')]);
}

function single({ from, data }: Item): SetelemAttrsInput {
  return { key: { value: from }, ...(data === undefined ? {} : { data }) };
}

/** An element of a concatenation: its first and its last key, both included. */
function closed(parts: readonly Part[], { from, to, data }: Item): SetelemAttrsInput {
  const types = parts.map(({ type }) => type);
  return {
    key: { value: keyInNetworkOrder(types, from) },
    keyEnd: { value: keyInNetworkOrder(types, to) },
    ...(data === undefined ? {} : { data }),
  };
}

interface Span {
  readonly from: bigint;
  readonly to: bigint;
  readonly data?: SetelemAttrsInput['data'];
}

/** The elements of a set of intervals: starts, and ends that are one past the last value. */
function intervals(parts: readonly Part[], items: readonly Item[], path: string): readonly SetelemAttrsInput[] {
  const types = parts.map(({ type }) => type);
  const bytes = items[0]!.from.length;
  const number = (value: Buffer): bigint => BigInt(`0x${keyInNetworkOrder(types, value).toString('hex')}`);
  const spans = items
    .map(({ from, to, data }): Span => ({ from: number(from), to: number(to), ...(data === undefined ? {} : { data }) }))
    .sort((one, two) => (one.from < two.from ? -1 : one.from > two.from ? 1 : 0));
  const key = (value: bigint): { readonly value: Buffer } => ({ value: Buffer.from(value.toString(16).padStart(2 * bytes, '0'), 'hex') });
  const last = (1n << BigInt(8 * bytes)) - 1n;
  const merged = merge(spans, path);
  const elements: SetelemAttrsInput[] = merged[0]!.from === 0n ? [] : [{ key: key(0n), flags: SetElemFlags.IntervalEnd }];
  for (const { from, to, data } of merged) {
    const isOpen = to === last;
    elements.push({ key: key(from), ...(data === undefined ? {} : { data }), ...(isOpen ? { userdata: OPEN } : {}) });
    if (!isOpen) elements.push({ key: key(to + 1n), flags: SetElemFlags.IntervalEnd });
  }
  return elements;
}

/** Joins intervals of a set that overlap or touch, as nft does. Those of a map must not overlap. */
function merge(spans: readonly Span[], path: string): readonly Span[] {
  const merged: Span[] = [];
  for (const span of spans) {
    const before = merged.at(-1);
    if (before === undefined || span.from > before.to + 1n || (span.data !== undefined && span.from > before.to)) merged.push(span);
    else if (span.data !== undefined) throw new FieldError(path, 'two keys of a map overlap');
    else if (span.to > before.to) merged[merged.length - 1] = { from: before.from, to: span.to };
  }
  return merged;
}
