import { DecodeFault } from '../decode-fault.js';
import { integerDecoder } from '../integer/integer-reader.js';
import { type IntegerShape, integerShape } from '../integer/integer-shape.js';
import type { MemberFields, SchemaNames, StructLayout } from '../schema-names.js';

/** Finds the end of the struct that starts at an offset. @internal */
export type StructEnd = (bytes: Uint8Array, start: number, end: number) => number;

/** The last member of a struct, whose size another member holds. @internal */
export interface CountedMember {
  readonly member: MemberFields;
  /** The member that holds the length. */
  readonly length: MemberFields;
  readonly lengthShape: IntegerShape;
  /** Bits of a unit of the length. */
  readonly unit: number;
}

/** Returns the last member of a struct if its size is variable. @internal */
export function variableMember({ members }: StructLayout): MemberFields | undefined {
  const last = members.at(-1);
  return last?.size === undefined ? last : undefined;
}

/** Returns the last member of a struct if another member holds its length. @throws TypeError if the struct lacks that member. @internal */
export function countedMember(names: SchemaNames, struct: StructLayout): CountedMember | undefined {
  const member = variableMember(struct);
  if (member?.lengthMember === undefined) return undefined;
  const length = struct.members.find(({ name }) => name === member.lengthMember);
  const lengthShape = length === undefined ? undefined : integerShape(names, length);
  if (length === undefined || lengthShape === undefined)
    throw new TypeError(`schema: struct ${struct.name} has no integer '${member.lengthMember}'`);
  return { member, length, lengthShape, unit: unitOf(names, member) };
}

/** Makes the function that finds the end of a struct of variable size; it may be behind the end of the payload. Undefined for other structs. @internal */
export function structEnd(names: SchemaNames, struct: StructLayout): StructEnd | undefined {
  const counted = countedMember(names, struct);
  if (counted === undefined) return variableMember(struct) === undefined ? undefined : (_bytes, _start, end) => end;
  const { length, lengthShape, unit } = counted;
  const { offset } = length;
  const read = integerDecoder({ ...lengthShape, names: undefined });
  const { width } = lengthShape;
  return (bytes, start) => {
    const number = Number(read(NO_WORDS, bytes, start + offset, start + offset + width, undefined, 0));
    return start + struct.size + Math.ceil((number * unit) / 8);
  };
}

/** Makes the same function for decoders. It throws a {@link DecodeFault} if the struct extends beyond the payload. @internal */
export function checkedStructEnd(names: SchemaNames, struct: StructLayout): StructEnd | undefined {
  const find = structEnd(names, struct);
  if (find === undefined) return undefined;
  return (bytes, start, end) => {
    const found = find(bytes, start, end);
    if (found <= end) return found;
    const { name, offset } = variableMember(struct)!;
    throw new DecodeFault(
      `${name}: expected at most ${end - start - struct.size} bytes, got ${found - start - struct.size}`,
      start + offset,
    );
  };
}

function unitOf(names: SchemaNames, { lengthUnit, element, struct }: MemberFields): number {
  if (lengthUnit === undefined) return 8;
  if (lengthUnit === 'bits') return 1;
  if (struct !== undefined) return 8 * names.struct(struct).size;
  return 8 * (element === undefined ? 1 : (integerShape(names, element)?.width ?? 1));
}

const NO_WORDS = new Uint32Array(0);
