import type {
  AttributeSchema,
  AttributeSetSchema,
  EnumSchema,
  FamilySchema,
  OperationSchema,
  StructSchema,
  SubMessageSchema,
  ValueSchema,
} from './descriptor.js';
import { familyPaths, needsFamily, outerFamilies } from '../codec/address/address-scope.js';
import { EnumNames } from '../codec/enum-names.js';
import type { SchemaNames } from '../codec/schema-names.js';

/** The index of a family's descriptor: it finds each part by name. @internal */
export class SchemaIndex implements SchemaNames {
  readonly schema: FamilySchema;
  /** The version in the header of a generic netlink message; undefined in other families. */
  readonly version: number | undefined;
  readonly #sets: Map<string, AttributeSetSchema>;
  readonly #structs: Map<string, StructSchema>;
  readonly #subMessages: Map<string, SubMessageSchema>;
  readonly #operations: Map<string, OperationSchema>;
  readonly #enums: Map<string, EnumSchema>;
  readonly #enumNames: Map<string, EnumNames> = new Map();
  readonly #attributes: Map<string, ReadonlyMap<number, AttributeSchema>> = new Map();
  readonly #secretSets: Map<string, boolean> = new Map();
  #outerSelectors: ReadonlySet<string> | undefined;
  #hasSecrets: boolean | undefined;
  #addressFields: ReadonlySet<string> | undefined;

  constructor(schema: FamilySchema) {
    this.schema = schema;
    this.version = schema.generic?.version;
    this.#sets = byName(schema.sets);
    this.#structs = byName(schema.structs);
    this.#subMessages = byName(schema.subMessages);
    this.#operations = byName(schema.operations);
    this.#enums = byName(schema.enums);
  }

  set(name: string): AttributeSetSchema {
    return this.#sets.get(name) ?? this.#missing('attribute set', name);
  }

  struct(name: string): StructSchema {
    return this.#structs.get(name) ?? this.#missing('struct', name);
  }

  subMessage(name: string): SubMessageSchema {
    return this.#subMessages.get(name) ?? this.#missing('sub-message', name);
  }

  /** Returns undefined if there is none: callers choose this name. */
  operation(name: string): OperationSchema | undefined {
    return this.#operations.get(name);
  }

  enumNames(name: string): EnumNames {
    let names = this.#enumNames.get(name);
    if (names === undefined) {
      names = new EnumNames(this.#enums.get(name) ?? this.#missing('enum', name));
      this.#enumNames.set(name, names);
    }
    return names;
  }

  /** Returns the attributes of a set by number. If two have the same number, it returns the one with a value. */
  attributes(set: string): ReadonlyMap<number, AttributeSchema> {
    let attributes = this.#attributes.get(set);
    if (attributes === undefined) {
      const found = new Map<number, AttributeSchema>();
      for (const attribute of this.set(set).attributes) {
        const other = found.get(attribute.id);
        if (other === undefined || other.type === 'unused' || (other.type === 'pad' && attribute.type !== 'unused')) {
          found.set(attribute.id, attribute);
        }
      }
      attributes = found;
      this.#attributes.set(set, attributes);
    }
    return attributes;
  }

  /** Returns true if a property outside of its set selects the format of a value, or of a sub-message or an address in it. */
  looksOutside(value: ValueSchema): boolean {
    return this.#valueLooksOutside(value, new Set());
  }

  /** Properties on which values further in depend: those that select sub-messages outside of their own set, and the families of addresses of 16 bytes. */
  get outerSelectors(): ReadonlySet<string> {
    this.#outerSelectors ??= new Set(
      this.schema.sets
        .flatMap(({ attributes }) => attributes)
        .flatMap((attribute) => [
          ...(attribute.selector?.outer === true ? [attribute.selector.property] : []),
          ...this.#families(attribute),
        ]),
    );
    return this.#outerSelectors;
  }

  /** Returns the properties around a value that hold the family of an address in it. */
  #families(value: ValueSchema): readonly string[] {
    if (needsFamily(value)) return familyPaths(value.address!).flatMap(([property]) => property ?? []);
    return value.struct === undefined ? [] : outerFamilies(this, this.struct(value.struct));
  }

  /** Properties that hold the family or the prefix length of an address. */
  get addressFields(): ReadonlySet<string> {
    this.#addressFields ??= new Set(
      [...this.schema.sets.flatMap(({ attributes }) => attributes), ...this.schema.structs.flatMap(({ members }) => members)].flatMap(
        ({ address }) => [address?.family ?? [], address?.prefix ?? []].flat(),
      ),
    );
    return this.#addressFields;
  }

  /** True if any attribute or struct member of the family is a secret. */
  get hasSecrets(): boolean {
    const { sets, structs } = this.schema;
    this.#hasSecrets ??= [...sets.flatMap(({ attributes }) => attributes), ...structs.flatMap(({ members }) => members)].some(
      ({ secret }) => secret === true,
    );
    return this.#hasSecrets;
  }

  /**
   * Returns true if a set, or a struct or sub-message in it, has secrets. Then its unknown attributes are treated as secrets as well.
   */
  holdsSecrets(set: string | undefined): boolean {
    if (set === undefined) return false;
    let holds = this.#secretSets.get(set);
    if (holds === undefined) this.#secretSets.set(set, (holds = this.#setHasSecrets(set, new Set())));
    return holds;
  }

  /** Finds the secret members of a struct and of the structs in it, with their ranges; the size of the last one may be undefined: it extends to the end. */
  secretMembers(name: string): readonly { readonly offset: number; readonly size: number | undefined }[] {
    return this.struct(name).members.flatMap(({ offset, size, secret, struct, repeated, subMessage }) => {
      if (secret === true) return [{ offset, size }];
      if (subMessage !== undefined) return this.#subMessageHasSecrets(subMessage, new Set()) ? [{ offset, size }] : [];
      const inner = struct === undefined ? [] : this.secretMembers(struct);
      if (repeated === true) return inner.length === 0 ? [] : [{ offset, size }];
      return inner.map((member) => ({ offset: offset + member.offset, size: member.size }));
    });
  }

  #setHasSecrets(set: string, seen: Set<string>): boolean {
    if (seen.has(set)) return false;
    seen.add(set);
    return this.set(set).attributes.some((attribute) => this.#valueHasSecrets(attribute, seen));
  }

  #valueHasSecrets({ secret, struct, subMessage }: ValueSchema, seen: Set<string>): boolean {
    if (secret === true || (struct !== undefined && this.secretMembers(struct).length > 0)) return true;
    return subMessage !== undefined && this.#subMessageHasSecrets(subMessage, seen);
  }

  #subMessageHasSecrets(subMessage: string, seen: Set<string>): boolean {
    return this.subMessage(subMessage).formats.some(
      ({ set, content, fixedHeader }) =>
        (set !== undefined && this.#setHasSecrets(set, seen)) ||
        (content !== undefined && this.#valueHasSecrets(content, seen)) ||
        (fixedHeader !== undefined && this.secretMembers(fixedHeader).length > 0),
    );
  }

  #looksOutside(set: string, seen: Set<string>): boolean {
    if (seen.has(set)) return false;
    seen.add(set);
    return this.set(set).attributes.some((attribute) => this.#valueLooksOutside(attribute, seen));
  }

  #valueLooksOutside(value: ValueSchema, seen: Set<string>): boolean {
    if (value.selector?.outer === true || this.#families(value).length > 0) return true;
    if (value.set !== undefined && this.#looksOutside(value.set, seen)) return true;
    if (value.element !== undefined && this.#valueLooksOutside(value.element, seen)) return true;
    if (value.subMessage === undefined) return false;
    return this.subMessage(value.subMessage).formats.some(
      ({ set, content }) =>
        (set !== undefined && this.#looksOutside(set, seen)) || (content !== undefined && this.#valueLooksOutside(content, seen)),
    );
  }

  #missing(what: string, name: string): never {
    throw new TypeError(`schema: ${this.schema.name} has no ${what} '${name}'`);
  }
}

const indexes = new WeakMap<FamilySchema, SchemaIndex>();

/** Returns the index of a descriptor; it is made once. @internal */
export function indexSchema(schema: FamilySchema): SchemaIndex {
  let index = indexes.get(schema);
  if (index === undefined) {
    index = new SchemaIndex(schema);
    indexes.set(schema, index);
  }
  return index;
}

function byName<T extends { readonly name: string }>(list: readonly T[]): Map<string, T> {
  return new Map(list.map((item) => [item.name, item]));
}
