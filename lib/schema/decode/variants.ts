import { closureValue } from './closure-values.js';
import { type ValueDecoder } from './back-end.js';
import { ClosureBackEnd } from './closure-back-end.js';
import type { OperationSchema } from '../descriptor/descriptor.js';
import { type SchemaIndex } from '../descriptor/schema-index.js';
import { shapeOf } from '../descriptor/shape.js';

/** What goes with each attribute set that the header of an operation's messages may choose. @internal */
export interface Variants<T> {
  readonly cases: readonly T[];
  /** Where the header chooses none. */
  readonly otherwise: T;
  /** By the header that starts at an offset. */
  pick(bytes: Uint8Array, start: number, end: number): T;
  /** By a header that is yet to be written. */
  pickFor(value: object): T;
}

/** Makes what is needed for each attribute set of an operation. @internal */
export function variantsOf<T>(index: SchemaIndex, operation: OperationSchema, make: (set: string | undefined) => T): Variants<T> {
  const otherwise = make(operation.set);
  const cases = (operation.variants ?? []).map(({ member: name, value, set }) => {
    const member = index.struct(operation.fixedHeader ?? '').members.find((candidate) => candidate.name === name);
    if (member?.size === undefined) throw new TypeError(`operation ${operation.name} has no header member '${name}'`);
    const read: ValueDecoder = closureValue(new ClosureBackEnd(index), shapeOf(index, member));
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
