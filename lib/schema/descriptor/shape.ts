import { isLittleEndian, hostIsLittleEndian } from '../../wire/index.js';
import type { CheckSchema, SelectorSchema, StructSchema, SubMessageSchema, ValueSchema } from './descriptor.js';
import { type EnumNames } from './enum-names.js';
import { type SchemaIndex } from './schema-index.js';

/** An integer of fixed width. @internal */
export interface IntegerShape {
  readonly kind: 'integer';
  readonly width: 1 | 2 | 4 | 8;
  readonly signed: boolean;
  /** True where its bytes lie the other way round than the host's. */
  readonly swapped: boolean;
  readonly names?: EnumNames;
}

/**
 * What a value is, with names resolved: every question that a codec asks is answered by `kind`.
 *
 * Sets and structs stay names, since sets may be recursive.
 *
 * @internal
 */
export type Shape =
  | IntegerShape
  | { readonly kind: 'sized-integer'; readonly signed: boolean; readonly names?: EnumNames }
  /** `secret`: marked when read. `base64`: text is accepted when written. */
  | { readonly kind: 'bytes'; readonly secret: boolean; readonly base64: boolean }
  | { readonly kind: 'string' | 'flag' | 'uuid' | 'socket-address' | 'bitfield32' | 'pad' | 'unused' }
  /** `mac`: other lengths than those of the three kinds of address are shown, too. */
  | { readonly kind: 'address'; readonly mac: boolean }
  | { readonly kind: 'struct'; readonly struct: StructSchema }
  | { readonly kind: 'struct-list'; readonly struct: StructSchema }
  | { readonly kind: 'scalar-list'; readonly element: IntegerShape }
  /** `header`: the struct in front of the attributes. */
  | { readonly kind: 'nest'; readonly set: string; readonly header: string | undefined }
  | { readonly kind: 'ordered-list'; readonly set: string }
  | { readonly kind: 'indexed-list'; readonly element: ValueSchema }
  | { readonly kind: 'type-value'; readonly names: readonly string[]; readonly element: ValueSchema }
  | { readonly kind: 'sub-message'; readonly subMessage: SubMessageSchema; readonly selector: SelectorSchema }
  | { readonly kind: 'records'; readonly struct: StructSchema; readonly lengthMember: string; readonly set: string | undefined };

const INTEGERS: Readonly<Record<string, readonly [width: 1 | 2 | 4 | 8, signed: boolean]>> = Object.freeze({
  u8: [1, false],
  u16: [2, false],
  u32: [4, false],
  u64: [8, false],
  s8: [1, true],
  s16: [2, true],
  s32: [4, true],
  s64: [8, true],
});

/** Resolves what a descriptor says about a value. @throws TypeError if the descriptor contradicts itself. @internal */
export function shapeOf(index: SchemaIndex, value: ValueSchema): Shape {
  const integer = INTEGERS[value.type];
  if (integer !== undefined) {
    if (integer[0] === 4 && isInternetHint(value)) return { kind: 'address', mac: false };
    return integerShape(index, value, ...integer);
  }
  switch (value.type) {
    case 'uint':
    case 'sint':
      return { kind: 'sized-integer', signed: value.type === 'sint', ...namesOf(index, value) };
    case 'string':
    case 'flag':
    case 'bitfield32':
    case 'pad':
    case 'unused':
      return { kind: value.type };
    case 'nest':
      return { kind: 'nest', set: required(value, 'set'), header: value.struct };
    case 'ordered-nest':
      return { kind: 'ordered-list', set: required(value, 'set') };
    case 'indexed-array':
      return { kind: 'indexed-list', element: required(value, 'element') };
    case 'nest-type-value':
      return { kind: 'type-value', names: required(value, 'typeValue'), element: required(value, 'element') };
    case 'sub-message':
      return { kind: 'sub-message', subMessage: index.subMessage(required(value, 'subMessage')), selector: required(value, 'selector') };
    case 'records':
      return {
        kind: 'records',
        struct: index.struct(required(value, 'struct')),
        lengthMember: required(value, 'lengthMember'),
        set: value.set,
      };
    default:
      return binaryShape(index, value);
  }
}

/** The limits that a value must keep when it is written. @internal */
export type Checks = CheckSchema;

function binaryShape(index: SchemaIndex, value: ValueSchema): Shape {
  if (value.struct !== undefined) {
    return { kind: value.repeated === true ? 'struct-list' : 'struct', struct: index.struct(value.struct) };
  }
  if (value.element !== undefined) {
    const element = shapeOf(index, value.element);
    if (element.kind !== 'integer')
      throw new TypeError(`an array in a binary of ${index.schema.name} has elements of type ${value.element.type}`);
    return { kind: 'scalar-list', element };
  }
  if (value.hint === 'mac' || isInternetHint(value)) return { kind: 'address', mac: value.hint === 'mac' };
  if (value.hint === 'uuid') return { kind: 'uuid' };
  if (value.hint === 'sockaddr_in-or-sockaddr_in6') return { kind: 'socket-address' };
  return { kind: 'bytes', secret: value.secret === true, base64: value.hint === 'base64' };
}

function isInternetHint({ hint }: ValueSchema): boolean {
  return hint === 'ipv4' || hint === 'ipv6' || hint === 'ipv4-or-v6';
}

function integerShape(index: SchemaIndex, value: ValueSchema, width: 1 | 2 | 4 | 8, signed: boolean): IntegerShape {
  const swapped = width > 1 && isLittleEndian(value.byteOrder) !== hostIsLittleEndian;
  return { kind: 'integer', width, signed, swapped, ...namesOf(index, value) };
}

function namesOf(index: SchemaIndex, value: ValueSchema): { names?: EnumNames } {
  return value.enum === undefined ? {} : { names: index.enumNames(value.enum) };
}

function required<K extends keyof ValueSchema>(value: ValueSchema, key: K): NonNullable<ValueSchema[K]> {
  const given = value[key];
  if (given === undefined) throw new TypeError(`a value of type ${value.type} lacks '${key}' in its schema`);
  return given;
}
