import type {
  AttributeSetSchema,
  EnumSchema,
  FamilySchema,
  OperationSchema,
  StructSchema,
  SubMessageSchema,
  ValueSchema,
} from '../schema/descriptor.js';
import { NameTable, pascalCase } from './names.js';

/**
 * The TypeScript names of everything that a family defines, and who refers to what.
 *
 * @internal
 */
export class TypeNames {
  readonly schema: FamilySchema;
  /** Of the interface that ties the family's types together. */
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

  /** The type of something named; with a suffix another one beside it. */
  of(kind: 'enum' | 'struct' | 'set' | 'sub-message', name: string, suffix = ''): string {
    const own = this.#names.get(`${kind} ${name}`)!;
    return suffix === '' ? own : (this.#names.get(`${kind} ${name} ${suffix}`) ?? this.#give(kind, `${name} ${suffix}`, `${own}${suffix}`));
  }

  /** The type of an operation's request, reply or event. */
  ofOperation({ name }: OperationSchema, suffix: string): string {
    return this.#names.get(`operation ${name} ${suffix}`) ?? this.#give('operation', `${name} ${suffix}`, `${pascalCase(name)}${suffix}`);
  }

  #give(kind: string, name: string, ...candidates: readonly string[]): string {
    const given = this.#table.take(...candidates);
    this.#names.set(`${kind} ${name}`, given);
    return given;
  }
}

/** Every value that a family describes, nested ones too. @internal */
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
