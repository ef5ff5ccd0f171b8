import type { Attribute, AttributeEncoder, ByteOrder } from '../../lib/wire/index.js';

/** The name of a read or a write of an integer in the vectors. */
export type IntegerName = 'u8' | 'u16' | 'u32' | 'u64' | 's8' | 's16' | 's32' | 's64';

const VERBS = {
  u8: 'uint8',
  u16: 'uint16',
  u32: 'uint32',
  u64: 'uint64',
  s8: 'int8',
  s16: 'int16',
  s32: 'int32',
  s64: 'int64',
} as const;

export const SIZES: Readonly<Record<IntegerName, number>> = { u8: 1, u16: 2, u32: 4, u64: 8, s8: 1, s16: 2, s32: 4, s64: 8 };

export function isIntegerName(name: string): name is IntegerName {
  return name in VERBS;
}

/** Parses an integer of the vectors, in which 64-bit integers are decimal strings. */
export function readInteger(attribute: Attribute, name: IntegerName): number | string {
  const value = attribute[VERBS[name]]();
  return typeof value === 'bigint' ? String(value) : value;
}

export function writeInteger(encoder: AttributeEncoder, name: IntegerName, type: number, value: number | string): void {
  if (name === 'u64' || name === 's64') encoder[VERBS[name]](type, BigInt(value));
  else encoder[VERBS[name]](type, Number(value));
}

/** Returns the byte order for its name in the vectors. */
export function toByteOrder(name: string | undefined): ByteOrder {
  return name === 'big' || name === 'little' ? name : 'host';
}
