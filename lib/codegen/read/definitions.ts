import type { EnumSchema, StructSchema } from '../../schema/index.js';

/** The enums, structs and constants that a specification defines, by name. @internal */
export interface Definitions {
  readonly enums: ReadonlyMap<string, EnumSchema>;
  readonly structs: ReadonlyMap<string, StructSchema>;
  /** Each constant, with and without the prefix that limits may use. */
  readonly constants: ReadonlyMap<string, number | string>;
}
