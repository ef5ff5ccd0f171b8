import { hostIsLittleEndian, isLittleEndian } from '../../../wire/index.js';
import type { EnumNames } from '../enum-names.js';
import type { SchemaNames } from '../schema-names.js';
import type { ValueFields } from '../value-fields.js';

/** The width of an integer in bytes. @internal */
export type IntegerWidth = 1 | 2 | 4 | 8;

/** An integer of fixed width. @internal */
export interface IntegerShape {
  readonly width: IntegerWidth;
  readonly signed: boolean;
  /** True if its bytes are in the order opposite to the host's. */
  readonly swapped: boolean;
  readonly names: EnumNames | undefined;
}

const INTEGERS: Readonly<Record<string, readonly [width: IntegerWidth, signed: boolean]>> = Object.freeze({
  u8: [1, false],
  u16: [2, false],
  u32: [4, false],
  u64: [8, false],
  s8: [1, true],
  s16: [2, true],
  s32: [4, true],
  s64: [8, true],
});

/** Resolves an integer; undefined for a value of any other type. @internal */
export function integerShape(names: SchemaNames, value: ValueFields): IntegerShape | undefined {
  const integer = Object.hasOwn(INTEGERS, value.type) ? INTEGERS[value.type] : undefined;
  if (integer === undefined) return undefined;
  const [width, signed] = integer;
  const swapped = width > 1 && isLittleEndian(value.byteOrder) !== hostIsLittleEndian;
  return { width, signed, swapped, names: enumNamesOf(names, value) };
}

/** Returns the names of a value's numbers; undefined if it has none. @internal */
export function enumNamesOf(names: SchemaNames, value: ValueFields): EnumNames | undefined {
  return value.enum === undefined ? undefined : names.enumNames(value.enum);
}
