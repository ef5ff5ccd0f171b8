import type { AttributeSchema, FamilySchema, FormatSchema, OperationMode, SelectorSchema, ValueSchema } from '../../lib/schema/index.js';
import { shapeOf } from '../../lib/schema/descriptor/message-shape.js';
import { indexSchema, type SchemaIndex } from '../../lib/schema/descriptor/schema-index.js';

type Bag = Record<string, unknown>;

/** The hints of address attributes. */
const HINTS: readonly unknown[] = ['ipv4', 'ipv6', 'ipv4-or-v6', 'mac', 'sockaddr_in-or-sockaddr_in6'];

/** An object on the path to an address, outermost first. */
interface Level {
  readonly header: string | undefined;
  readonly set: string | undefined;
  /** The property on the path, and a function that wraps the inner value. */
  readonly property: string;
  readonly around: (inner: unknown) => unknown;
}

/** An address in a family's descriptor: an attribute or a member of a struct. */
export interface AddressPlace {
  /** The name of the set or struct and the property, e.g. `rt-route route-attrs.gateway`. */
  readonly name: string;
  readonly schema: ValueSchema;
  /** Undefined if no request contains it. */
  readonly request: AddressRequest | undefined;
}

/** A request that contains an address. */
export interface AddressRequest {
  readonly operation: string;
  readonly mode: OperationMode;
  /** Makes the request; `fields` are set in the nearest object around the address that has them. */
  readonly make: (address: unknown, fields?: Readonly<Record<string, number>>) => object;
}

/** Returns every address that a set or a struct of a family declares, each with the first request that contains it. */
export function addressPlaces(schema: FamilySchema): AddressPlace[] {
  const requests = new RequestFinder(schema).find();
  const inSets = schema.sets.flatMap(({ name, attributes }) =>
    attributes.map((attribute) => [`${name}.${attribute.property}`, attribute] as const),
  );
  const inStructs = schema.structs.flatMap(({ name, members }) => members.map((member) => [`${name}.${member.property}`, member] as const));
  return [...inSets, ...inStructs].flatMap(([place, value]) => {
    const own = isAddress(value) ? value : value.element;
    if (own === undefined || !isAddress(own)) return [];
    return [{ name: `${schema.source} ${place}`, schema: own, request: requests.get(place) }];
  });
}

function isAddress({ hint }: ValueSchema): boolean {
  return HINTS.includes(hint);
}

/** Walks from the operations of a family to the addresses in their requests. */
class RequestFinder {
  readonly #index: SchemaIndex;
  readonly #found = new Map<string, AddressRequest>();
  readonly #visited = new Set<string>();

  constructor(schema: FamilySchema) {
    this.#index = indexSchema(schema);
  }

  find(): ReadonlyMap<string, AddressRequest> {
    const { operations } = this.#index.schema;
    for (const mode of ['do', 'dump'] as const) {
      for (const operation of operations) {
        if (operation[mode] === undefined) continue;
        const { name, variants = [] } = operation;
        const { fixedHeader, set } = shapeOf(operation, mode);
        for (const own of [set, ...variants.map((variant) => variant.set)]) this.#body({ operation: name, mode }, [], fixedHeader, own);
      }
    }
    return this.#found;
  }

  #body(
    of: Pick<AddressRequest, 'operation' | 'mode'>,
    levels: readonly Level[],
    header: string | undefined,
    set: string | undefined,
  ): void {
    if (set === undefined || this.#visited.has(set)) return;
    this.#visited.add(set);
    for (const attribute of this.#index.set(set).attributes) {
      const around = attribute.multi === true ? (inner: unknown) => [inner] : (inner: unknown) => inner;
      this.#value(of, [...levels, { header, set, property: attribute.property, around }], attribute, `${set}.${attribute.property}`);
    }
  }

  #value(
    of: Pick<AddressRequest, 'operation' | 'mode'>,
    levels: readonly Level[],
    value: ValueSchema | AttributeSchema,
    place: string,
  ): void {
    const { type, element, struct, repeated, set } = value;
    const inList = (list: boolean): readonly Level[] => (list ? wrapped(levels, (inner) => [inner]) : levels);
    if (isAddress(value)) this.#found.set(place, this.#found.get(place) ?? this.#request(of, levels));
    else if (type === 'nest' || type === 'ordered-nest' || type === 'records') this.#body(of, inList(type !== 'nest'), struct, set);
    else if (type === 'indexed-array') this.#value(of, inList(true), element!, place);
    else if (type === 'nest-type-value') {
      const numbers = Object.fromEntries((value.typeValue ?? []).map((name) => [name, 1]));
      const object = (inner: unknown): unknown => [
        element!.type === 'nest' ? { ...numbers, ...(inner as Bag) } : { ...numbers, value: inner },
      ];
      this.#value(of, wrapped(levels, object), element!, place);
    } else if (type === 'sub-message') {
      for (const format of this.#index.subMessage(value.subMessage!).formats) this.#format(of, levels, value, format, place);
    } else if (struct !== undefined) this.#struct(of, inList(repeated === true), struct);
  }

  #format(
    of: Pick<AddressRequest, 'operation' | 'mode'>,
    levels: readonly Level[],
    { selector }: ValueSchema,
    format: FormatSchema,
    place: string,
  ): void {
    const chosen = this.#choose(levels, selector!, format.value);
    if (format.content !== undefined) this.#value(of, chosen, format.content, place);
    else if (format.set !== undefined) this.#body(of, chosen, format.fixedHeader, format.set);
    else if (format.fixedHeader !== undefined) this.#struct(of, chosen, format.fixedHeader);
  }

  #struct(of: Pick<AddressRequest, 'operation' | 'mode'>, levels: readonly Level[], struct: string): void {
    for (const member of this.#index.struct(struct).members) {
      const inner = [...levels, { header: struct, set: undefined, property: member.property, around: (value: unknown) => value }];
      this.#value(of, inner, member, `${struct}.${member.property}`);
    }
  }

  /** Sets the selector of a sub-message, in its own object or the nearest enclosing one. */
  #choose(levels: readonly Level[], { property }: SelectorSchema, value: string): readonly Level[] {
    const at = levels.findLastIndex((level) => this.#field(level, property) !== undefined);
    const { type, enum: names } = this.#field(levels[at]!, property)!;
    const given = type === 'string' || names !== undefined ? value : Number(value);
    return levels.map((level, index) => (index === at ? withFields(level, { [property]: given }) : level));
  }

  #request(of: Pick<AddressRequest, 'operation' | 'mode'>, levels: readonly Level[]): AddressRequest {
    return {
      ...of,
      make: (address, fields = {}) => {
        let made = [...levels];
        for (const [property, value] of Object.entries(fields)) {
          const at = made.findLastIndex((level) => this.#field(level, property) !== undefined);
          made = made.map((level, index) => (index === at ? withFields(level, { [property]: value }) : level));
        }
        return made.reduceRight<unknown>((inner, level) => build(level, inner), address) as object;
      },
    };
  }

  /** Returns the attribute or the member of the header that an object has under a property. */
  #field({ header, set }: Level, property: string): ValueSchema | undefined {
    const attributes = set === undefined ? [] : this.#index.set(set).attributes;
    const members = header === undefined ? [] : this.#index.struct(header).members;
    return [...attributes, ...members].find((field) => field.property === property);
  }
}

interface FieldLevel extends Level {
  readonly fields?: Bag;
}

function withFields(level: FieldLevel, fields: Bag): FieldLevel {
  return { ...level, fields: { ...level.fields, ...fields } };
}

function build({ fields = {}, property, around }: FieldLevel, inner: unknown): Bag {
  return { ...fields, [property]: around(inner) };
}

function wrapped(levels: readonly Level[], outer: (inner: unknown) => unknown): readonly Level[] {
  const last = levels.at(-1)!;
  return [...levels.slice(0, -1), { ...last, around: (inner) => last.around(outer(inner)) }];
}
