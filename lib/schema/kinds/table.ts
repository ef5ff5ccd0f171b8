import type { Kind, ValueCodec } from '../codec/kind.js';
import type { ValueFields } from '../codec/value-fields.js';
import { binary } from './binary/binary.js';
import { bitfield32 } from './bitfield32.js';
import { pad, unused } from './empty.js';
import { flag } from './flag.js';
import { indexedArray } from './indexed-array.js';
import { integerKind } from './integer.js';
import { nestTypeValue } from './nest-type-value.js';
import { nest } from './nest.js';
import { orderedNest } from './ordered-nest.js';
import { records } from './records.js';
import { sizedIntegerKind } from './sized-integer.js';
import { string } from './string.js';
import { subMessage } from './sub-message.js';
import { u32OrU64 } from './u32-or-u64.js';

/** The layout of an attribute's payload, of an element of it, or of a member of a struct. @public */
export type ValueType =
  /** Integers of fixed width. 64-bit ones are `bigint`, the others `number`. */
  | 'u8'
  | 'u16'
  | 'u32'
  | 'u64'
  | 's8'
  | 's16'
  | 's32'
  | 's64'
  /** Integers of 4 or 8 bytes: the payload's length selects the width. Always `bigint`. Written in 4 bytes if the value fits, else in 8. */
  | 'uint'
  | 'sint'
  /** An integer of 4 bytes (`number`) or 8 bytes (`bigint`), in both directions: the kernel distinguishes them by width. */
  | 'u32-or-u64'
  /** Text up to the first NUL; written with one (`unterminatedOk`: the kernel may omit it). */
  | 'string'
  /** Present or absent, without a payload: `true`. Written if true, omitted if false. */
  | 'flag'
  /** Bytes. With `hint` text, with `struct` an object (with `repeated` an array of them), with `element` an array of scalars. */
  | 'binary'
  /** Attributes of the set `set`. */
  | 'nest'
  /**
   * A nest in which attributes may repeat and whose order has a meaning (the actions of a flow). The value is an array of objects with one property each, in
   * the order of the wire: an attribute of `set`, or one that the set does not know under `Unknown`.
   */
  | 'ordered-nest'
  /** A nest whose attribute types are indexes and whose payloads are `element`s: an array, in the order of the wire. */
  | 'indexed-array'
  /**
   * Nests inside each other whose attribute types are values themselves: `typeValue` names them, outermost first; the innermost payload is an `element`.
   * The value is an array with one object for each innermost payload, collected over all attributes of that type in the set:
   * `{ [typeValue[0]]: type, ..., }` and, for an element of type nest, its attributes; for any other element its value as `value`.
   */
  | 'nest-type-value'
  /** Another attribute selects the format: see `subMessage` and `selector`. */
  | 'sub-message'
  /** `struct nla_bitfield32`: `{ value, selector }`, two numbers in the host's order. */
  | 'bitfield32'
  /**
   * Records one after the other, each a struct whose member `lengthMember` counts the whole record, then attributes of `set`;
   * the next starts at the following multiple of 4 (multipath routes). The value is an array of objects: the struct's members (without that length), then
   * the attributes.
   */
  | 'records'
  /** Padding: never shown, never written. */
  | 'pad'
  /** A number without a meaning: never written; a received one is an unknown attribute. */
  | 'unused';

/** All kinds of attributes, in the order in which errors list them. @internal */
export const KINDS: Readonly<Record<ValueType, Kind>> = Object.freeze({
  u8: integerKind('u8'),
  u16: integerKind('u16'),
  u32: integerKind('u32'),
  u64: integerKind('u64'),
  s8: integerKind('s8'),
  s16: integerKind('s16'),
  s32: integerKind('s32'),
  s64: integerKind('s64'),
  uint: sizedIntegerKind('uint'),
  sint: sizedIntegerKind('sint'),
  'u32-or-u64': u32OrU64,
  string,
  flag,
  binary,
  nest,
  'ordered-nest': orderedNest,
  'indexed-array': indexedArray,
  'nest-type-value': nestTypeValue,
  'sub-message': subMessage,
  bitfield32,
  records,
  pad,
  unused,
});

/** Returns the kind of a value. @throws TypeError if the descriptor holds a type that the table does not. @internal */
export function findKind({ type }: ValueFields): Kind {
  if (!Object.hasOwn(KINDS, type))
    throw new TypeError(`schema: '${type}' is not a type of values; expected ${Object.keys(KINDS).join(', ')}`);
  return KINDS[type as ValueType];
}

/** Returns the codec of a value. @internal */
export function findCodec(value: ValueFields): ValueCodec {
  const kind = findKind(value);
  return kind.codecOf?.(value) ?? kind;
}

/** Returns true for values that are shown and written. @internal */
export function hasValue(value: ValueFields): boolean {
  return findKind(value).empty === undefined;
}
