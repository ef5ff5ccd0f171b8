import type { EnumSchema } from './value-fields.js';

/** A table with more slots would consist mostly of holes. */
const TABLE_LIMIT = 1024;

/** Both directions of an {@link EnumSchema}. @internal */
export class EnumNames {
  readonly name: string;
  /** Names by number, for generated code; undefined unless all numbers are small. */
  readonly table: readonly (string | undefined)[] | undefined;
  readonly #names: Map<number | bigint, string> = new Map();
  readonly #values: Map<string, number | bigint> = new Map();

  constructor(schema: EnumSchema) {
    this.name = schema.name;
    let largest = -1;
    for (const [name, value] of schema.entries) {
      if (!this.#names.has(Number(value))) this.#names.set(Number(value), name);
      if (!this.#names.has(BigInt(value))) this.#names.set(BigInt(value), name);
      this.#values.set(name, value);
      largest = value < 0 ? TABLE_LIMIT : Math.max(largest, Number(value));
    }
    if (largest >= 0 && largest < TABLE_LIMIT) {
      this.table = Array.from({ length: largest + 1 }, (_, value) => this.#names.get(value));
    }
  }

  /** Returns the name of a number; the number itself if it has no name. */
  show<T extends number | bigint>(value: T): string | T {
    return this.#names.get(value) ?? value;
  }

  /** Returns the number of a name. */
  value(name: string): number | bigint | undefined {
    return this.#values.get(name);
  }

  /** Returns all names, in the specification's order. */
  names(): Iterable<string> {
    return this.#values.keys();
  }
}
