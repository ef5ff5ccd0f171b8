import type { OperationSchema } from '../descriptor/descriptor.js';
import type { SchemaIndex } from '../descriptor/schema-index.js';
import { headerField } from './header-field.js';

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

/** The parts of an operation by which its sets are selected. @internal */
export type VariantSource = Pick<OperationSchema, 'name' | 'fixedHeader' | 'set' | 'variants'>;

/** Makes a value for each attribute set of an operation. @internal */
export function variantsOf<T>(index: SchemaIndex, operation: VariantSource, make: (set: string | undefined) => T): Variants<T> {
  const otherwise = make(operation.set);
  const cases = (operation.variants ?? []).map(({ member: name, value, set }) => {
    const field = headerField(index, index.struct(operation.fixedHeader ?? ''), (member) => member.name === name);
    if (field === undefined) throw new TypeError(`operation ${operation.name} has no header member '${name}'`);
    return { field, value, shown: field.shown(value), made: make(set) };
  });
  return {
    cases: cases.map(({ made }) => made),
    otherwise,
    pick(bytes, start, end) {
      for (const { field, shown, made } of cases) if (field.read(bytes, start, end) === shown) return made;
      return otherwise;
    },
    pickFor(value) {
      for (const { field, shown, value: number, made } of cases) {
        const { property } = field;
        const given = Object.hasOwn(value, property) ? (value as Record<string, unknown>)[property] : 0;
        if (given === shown || given === number) return made;
      }
      return otherwise;
    },
  };
}
