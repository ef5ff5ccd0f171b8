import type { OperationSchema } from '../descriptor/descriptor.js';
import type { SchemaIndex } from '../descriptor/schema-index.js';
import { closureDecoders } from './closure-decoders.js';

/** The values made for each attribute set that the header of an operation's messages may select. @internal */
export interface Variants<T> {
  readonly cases: readonly T[];
  /** The value for messages whose header selects no other set. */
  readonly otherwise: T;
  /** Selects by the header that starts at an offset. */
  pick(bytes: Uint8Array, start: number, end: number): T;
  /** Selects by the object from which a header will be encoded. */
  pickFor(value: object): T;
}

/** Makes a value for each attribute set of an operation. @internal */
export function variantsOf<T>(index: SchemaIndex, operation: OperationSchema, make: (set: string | undefined) => T): Variants<T> {
  const otherwise = make(operation.set);
  const cases = (operation.variants ?? []).map(({ member: name, value, set }) => {
    const member = index.struct(operation.fixedHeader ?? '').members.find((candidate) => candidate.name === name);
    if (member?.size === undefined) throw new TypeError(`operation ${operation.name} has no header member '${name}'`);
    const read = closureDecoders(index).value(member);
    const { property, offset, size } = member;
    const names = member.enum === undefined ? undefined : index.enumNames(member.enum);
    return { property, offset, size, read, value, shown: names === undefined ? value : names.show(value), made: make(set) };
  });
  return {
    cases: cases.map(({ made }) => made),
    otherwise,
    pick(bytes, start, end) {
      for (const { offset, size, read, shown, made } of cases) {
        const at = start + offset;
        if (at + size <= end && read(new Uint32Array(0), bytes, at, at + size, undefined, 0) === shown) return made;
      }
      return otherwise;
    },
    pickFor(value) {
      for (const { property, shown, value: number, made } of cases) {
        const given = Object.hasOwn(value, property) ? (value as Record<string, unknown>)[property] : 0;
        if (given === shown || given === number) return made;
      }
      return otherwise;
    },
  };
}
