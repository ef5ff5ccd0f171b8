import type {
  AttributeSetSchema,
  EnumSchema,
  FamilySchema,
  OperationSchema,
  StructSchema,
  SubMessageSchema,
  ValueSchema,
} from '../../schema/index.js';
import { NameTable, pascalCase } from '../names.js';

const WIDE: readonly string[] = ['u64', 's64', 'uint', 'sint'];

/**
 * The TypeScript names of everything that a family defines, with the values that refer to each definition.
 *
 * @internal
 */
export class TypeNames {
  readonly schema: FamilySchema;
  /** The name of the interface that holds all types of the family. */
  readonly family: string;
  readonly enums: ReadonlyMap<string, EnumSchema>;
  readonly structs: ReadonlyMap<string, StructSchema>;
  readonly sets: ReadonlyMap<string, AttributeSetSchema>;
  readonly subMessages: ReadonlyMap<string, SubMessageSchema>;
  readonly #table = new NameTable();
  readonly #names = new Map<string, string>();

  constructor(schema: FamilySchema) {
    this.schema = schema;
    this.enums = byName(schema.enums);
    this.structs = byName(schema.structs);
    this.sets = byName(schema.sets);
    this.subMessages = byName(schema.subMessages);
    this.family = this.#table.take(`${pascalCase(schema.source)}Family`);
    for (const { name } of schema.enums) this.#give('enum', name, pascalCase(name), `${pascalCase(name)}Enum`);
    for (const { name } of schema.structs) this.#give('struct', name, pascalCase(name), `${pascalCase(name)}Struct`);
    for (const { name } of schema.sets) this.#give('set', name, setName(name));
    for (const { name } of schema.subMessages) this.#give('sub-message', name, pascalCase(name), `${pascalCase(name)}Message`);
  }

  /** Returns the type of a definition; with a suffix, the name of a second type for it. */
  of(kind: 'enum' | 'struct' | 'set' | 'sub-message', name: string, suffix = ''): string {
    const own = this.#names.get(`${kind} ${name}`)!;
    return suffix === '' ? own : (this.#names.get(`${kind} ${name} ${suffix}`) ?? this.#give(kind, `${name} ${suffix}`, `${own}${suffix}`));
  }

  /** Returns true for an enum that no value is decoded to: it names numbers that stay numbers. */
  isConstants({ name, kind }: EnumSchema): boolean {
    return kind === 'enum' && ![...allValues(this.schema)].some((value) => value.enum === name || value.flags === name);
  }

  /** Returns the flag objects of a definition, by whether their masks are `bigint`; none if no value has its names as flags. */
  flags({ name, kind }: EnumSchema): ReadonlyMap<boolean, string> {
    const uses = [...allValues(this.schema)].filter(({ flags }) => flags === name);
    if (kind === 'enum' && uses.length === 0) return new Map();
    const wide = uses.filter(({ type }) => isWide(type)).length;
    const alias = this.of('enum', name, kind === 'flags' ? '' : 'Flags');
    const found = new Map<boolean, string>();
    if (wide < uses.length || wide === 0) found.set(false, alias);
    if (wide > 0) found.set(true, wide < uses.length ? this.of('enum', name, '64') : alias);
    return found;
  }

  /** Returns the name of the request, reply or event type of an operation. */
  ofOperation({ name }: OperationSchema, suffix: string): string {
    return this.#names.get(`operation ${name} ${suffix}`) ?? this.#give('operation', `${name} ${suffix}`, `${pascalCase(name)}${suffix}`);
  }

  #give(kind: string, name: string, ...candidates: readonly string[]): string {
    const given = this.#table.take(...candidates);
    this.#names.set(`${kind} ${name}`, given);
    return given;
  }
}

/** Returns true for integers that are `bigint`. @internal */
export function isWide(type: string): boolean {
  return WIDE.includes(type);
}

/** Returns all values that a family describes, including nested ones. @internal */
export function* allValues(schema: FamilySchema): Generator<ValueSchema> {
  for (const { members } of schema.structs) for (const member of members) yield* withElement(member);
  for (const { attributes } of schema.sets) {
    for (const attribute of attributes) {
      yield* withElement(attribute);
      if (attribute.input !== undefined) yield* withElement(attribute.input);
    }
  }
  for (const { formats } of schema.subMessages) for (const { content } of formats) if (content !== undefined) yield* withElement(content);
}

function* withElement(value: ValueSchema): Generator<ValueSchema> {
  yield value;
  if (value.element !== undefined) yield* withElement(value.element);
}

function setName(name: string): string {
  const pascal = pascalCase(name);
  return /Attr(?:s|ibutes)$/.test(pascal) ? pascal : `${pascal}Attributes`;
}

function byName<Item extends { readonly name: string }>(items: readonly Item[]): ReadonlyMap<string, Item> {
  return new Map(items.map((item) => [item.name, item]));
}
