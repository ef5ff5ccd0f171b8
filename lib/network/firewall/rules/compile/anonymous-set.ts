import type { SetAttrsInput, SetelemAttrsInput } from '../../../../families/nftables.js';
import { SetElemFlags, SetFlags } from '../../../../families/nftables.js';
import { FieldError } from '../../../common/field-error.js';
import { shown, text } from '../../../fields/check.js';
import { numberBytes, type DataType } from '../../data/data-type.js';
import type { Interval } from '../../data/interval.js';
import { keyBytes, keyInNetworkOrder, keyNumber, parseKey } from '../../data/key.js';
import { OBJECT_KINDS, VERDICT_TYPE, type MapData } from '../map-data.js';
import { parseVerdict } from '../../data/verdict.js';
import { numberValue, UserdataType, writeUserdata } from '../../objects/userdata.js';
import { placed, type Part } from '../fields/part.js';
import { typeofParts } from '../fields/typeof.js';
import { parseBits } from './operand.js';
import type { RuleProgram } from './program.js';

/** An anonymous set that a rule names. @internal */
export interface NamedByRule {
  readonly set: string;
  readonly setId: number;
  readonly isInterval: boolean;
}

/** Bytes of a verdict in a map, as nft declares it. */
const VERDICT_BYTES = 16;
/** Userdata of the start of an interval without an end: type 1, length 4, value 1. */
const OPEN = Buffer.concat([Buffer.from([1, 4]), numberBytes(1, 4, 'host')]);

const objectName = text(255);

/** The target of a key. */
type Target = Pick<SetelemAttrsInput, 'data' | 'objref'>;

interface Item extends Interval {
  readonly target?: Target;
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
  return { ...placedKey(parts, itemKey(types, key, `${path}[0]`)), target: parseTarget(data, value, `${path}[1]`) };
}

function parseTarget(data: MapData, value: unknown, path: string): Target {
  if (data === 'verdict') return { data: { verdict: parseVerdict(value, path) } };
  if ('object' in data) return { objref: objectName(value, path) };
  const { from, to } = parseKey(data.types, value, path);
  if (data.isInterval) return { data: { value: Buffer.concat([from, to]) } };
  if (!from.equals(to)) throw new FieldError(path, 'expected a single value, not an interval');
  return { data: { value: from } };
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
    (data === undefined ? 0 : isObjects(data) ? SetFlags.Object : SetFlags.Map);
  return {
    id,
    name: data === undefined ? '__set%d' : isObjects(data) ? '__objmap%d' : '__map%d',
    flags,
    keyType: keyNumber(types),
    keyLen: isConcat ? keyBytes(types) : (parts[0]!.mask?.length ?? types[0]!.bytes),
    ...(data === undefined ? {} : describeData(data)),
    ...(isInterval && isConcat ? { desc: { concat: { elem: types.map(({ bytes }) => ({ len: bytes })) } } } : {}),
    userdata: userdataOf(parts, data),
  };
}

const isObjects = (data: MapData): boolean => typeof data === 'object' && 'object' in data;

function describeData(data: MapData): Pick<SetAttrsInput, 'dataType' | 'dataLen' | 'objType'> {
  if (data === 'verdict') return { dataType: VERDICT_TYPE, dataLen: VERDICT_BYTES };
  if ('object' in data) return { objType: OBJECT_KINDS[data.object] };
  return { dataType: keyNumber(data.types), dataLen: keyBytes(data.types) * (data.isInterval ? 2 : 1) };
}

/** The byte orders in nft's user data. */
const ORDERS = { none: 0, host: 1, network: 2 } as const;

/** Returns the user data by which nft prints keys and values: their byte orders, and the expressions behind integers. */
function userdataOf(parts: readonly Part[], data: MapData | undefined): Uint8Array {
  const [part, second] = parts;
  const isConcat = second !== undefined;
  const entries = new Map<number, Uint8Array>([[UserdataType.SetKeyOrder, numberValue(isConcat ? ORDERS.none : ORDERS[part!.type.order])]]);
  if (data !== undefined) {
    const [type, another] = typeof data === 'object' && 'types' in data ? data.types : [];
    entries.set(UserdataType.SetDataOrder, numberValue(type === undefined || another !== undefined ? ORDERS.none : ORDERS[type.order]));
    if (typeof data === 'object' && 'types' in data && data.isInterval) entries.set(UserdataType.SetDataInterval, numberValue(1));
  }
  // By the number of its type alone, nft does not know the length of an integer among other fields.
  const named = isConcat && parts.some(({ type }) => type.name === 'integer') ? typeofParts(parts) : undefined;
  if (named !== undefined) entries.set(UserdataType.SetKeyTypeof, named);
  return writeUserdata(entries)!;
}

function single({ from, target }: Item): SetelemAttrsInput {
  return { key: { value: from }, ...target };
}

/** An element of a concatenation: its first and its last key, both included. */
function closed(parts: readonly Part[], { from, to, target }: Item): SetelemAttrsInput {
  const types = parts.map(({ type }) => type);
  return {
    key: { value: keyInNetworkOrder(types, from) },
    keyEnd: { value: keyInNetworkOrder(types, to) },
    ...target,
  };
}

interface Span {
  readonly from: bigint;
  readonly to: bigint;
  readonly target?: Target;
}

/** The elements of a set of intervals: starts, and ends that are one past the last value. */
function intervals(parts: readonly Part[], items: readonly Item[], path: string): readonly SetelemAttrsInput[] {
  const types = parts.map(({ type }) => type);
  const bytes = items[0]!.from.length;
  const number = (value: Buffer): bigint => BigInt(`0x${keyInNetworkOrder(types, value).toString('hex')}`);
  const spans = items
    .map(({ from, to, target }): Span => ({ from: number(from), to: number(to), ...(target === undefined ? {} : { target }) }))
    .sort((one, two) => (one.from < two.from ? -1 : one.from > two.from ? 1 : 0));
  const key = (value: bigint): { readonly value: Buffer } => ({ value: Buffer.from(value.toString(16).padStart(2 * bytes, '0'), 'hex') });
  const last = (1n << BigInt(8 * bytes)) - 1n;
  const merged = merge(spans, path);
  const elements: SetelemAttrsInput[] = merged[0]!.from === 0n ? [] : [{ key: key(0n), flags: SetElemFlags.IntervalEnd }];
  for (const { from, to, target } of merged) {
    const isOpen = to === last;
    elements.push({ key: key(from), ...target, ...(isOpen ? { userdata: OPEN } : {}) });
    if (!isOpen) elements.push({ key: key(to + 1n), flags: SetElemFlags.IntervalEnd });
  }
  return elements;
}

/** Joins intervals of a set that overlap or touch, as nft does. Those of a map must not overlap. */
function merge(spans: readonly Span[], path: string): readonly Span[] {
  const merged: Span[] = [];
  for (const span of spans) {
    const before = merged.at(-1);
    if (before === undefined || span.from > before.to + 1n || (span.target !== undefined && span.from > before.to)) merged.push(span);
    else if (span.target !== undefined) throw new FieldError(path, 'two keys of a map overlap');
    else if (span.to > before.to) merged[merged.length - 1] = { from: before.from, to: span.to };
  }
  return merged;
}
