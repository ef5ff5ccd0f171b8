import { FieldError } from '../../common/field-error.js';
import { inNetworkOrder, isHostNumber, wrongValue, type DataType } from './data-type.js';
import { parseInterval, printInterval, type Interval } from './interval.js';

/** The data types of a key: one, or the fields of a concatenation. @internal */
export type KeyTypes = readonly DataType[];

/** Bits of a field in the number of a concatenation. */
const TYPE_BITS = 6;

const padded = (bytes: number): number => Math.ceil(bytes / 4) * 4;

/** Returns nft's number of a key: 6 bits for each field, the first one in the highest bits. @internal */
export function keyNumber(types: KeyTypes): number {
  return types.reduce((sum, { number }) => sum * 2 ** TYPE_BITS + number, 0);
}

/** Returns the data types of nft's number of a key; undefined if one of them has no fixed length. @internal */
export function keyTypesOf(number: number, typeOf: (number: number) => DataType | undefined): KeyTypes | undefined {
  const types: DataType[] = [];
  for (let rest = number; rest > 0; rest = Math.floor(rest / 2 ** TYPE_BITS)) {
    const type = typeOf(rest % 2 ** TYPE_BITS);
    if (type === undefined) return undefined;
    types.unshift(type);
  }
  return types.length === 0 ? undefined : types;
}

/** Returns the length of a key. Fields of a concatenation are padded to 4 bytes. @internal */
export function keyBytes(types: KeyTypes): number {
  return types.length === 1 ? types[0]!.bytes : types.reduce((sum, { bytes }) => sum + padded(bytes), 0);
}

/**
 * Parses a key: a value, a prefix or a range; for a concatenation `'10.0.0.1 . 80'`, a list of fields, or `{ concat: [...] }`.
 *
 * @throws FieldError
 * @internal
 */
export function parseKey(types: KeyTypes, value: unknown, path: string): Interval {
  if (types.length === 1) return parseInterval(types[0]!, value, path);
  const fields = fieldsOf(value);
  if (fields === undefined) throw wrongValue(path, `${types.length} fields such as 'a . b'`, value);
  if (fields.length !== types.length)
    throw new FieldError(path, `expected ${types.length} fields (${types.map(({ name }) => name).join(' . ')}), got ${fields.length}`);
  const parsed = types.map((type, index) => parseInterval(type, fields[index], `${path}[${index}]`));
  return {
    from: Buffer.concat(parsed.map(({ from }) => pad(from))),
    to: Buffer.concat(parsed.map(({ to }) => pad(to))),
  };
}

/** Prints a key as `parseKey` accepts it. @internal */
export function printKey(types: KeyTypes, { from, to }: Interval): string | number {
  if (types.length === 1) return printInterval(types[0]!, { from, to });
  let offset = 0;
  const fields = types.map((type) => {
    const [start, end] = [offset, offset + type.bytes];
    offset += padded(type.bytes);
    return printInterval(type, { from: from.subarray(start, end), to: to.subarray(start, end) });
  });
  return fields.join(' . ');
}

/**
 * Converts a key between the orders of its types and the order of the network.
 *
 * Sets of intervals compare keys byte by byte, so their keys are in the order of the network.
 *
 * @internal
 */
export function keyInNetworkOrder(types: KeyTypes, key: Uint8Array): Buffer {
  const result = Buffer.from(key);
  let offset = 0;
  for (const type of types) {
    // A name is compared from its first character, so its bytes stay where they are.
    if (isHostNumber(type)) inNetworkOrder(type, result.subarray(offset, offset + type.bytes)).copy(result, offset);
    offset += padded(type.bytes);
  }
  return result;
}

function pad(bytes: Buffer): Buffer {
  return bytes.length % 4 === 0 ? bytes : Buffer.concat([bytes, Buffer.alloc(padded(bytes.length) - bytes.length)]);
}

function fieldsOf(value: unknown): readonly unknown[] | undefined {
  if (typeof value === 'string') return value.split(/\s+\.\s+/);
  if (Array.isArray(value)) return value as readonly unknown[];
  const { concat } = (typeof value === 'object' && value !== null ? value : {}) as { readonly concat?: unknown };
  return Array.isArray(concat) ? concat : undefined;
}
