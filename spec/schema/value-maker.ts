import { indexSchema, type SchemaIndex } from '../../lib/schema/descriptor/schema-index.js';
import { attachIndexes } from '../../lib/schema/value/indexes.js';
import { propertyAt } from '../../lib/schema/internal.js';
import type {
  AddressSchema,
  CheckSchema,
  FamilySchema,
  MemberSchema,
  OperationSchema,
  SelectorSchema,
  ValueSchema,
} from '../../lib/schema/descriptor/descriptor.js';
import { addressText, linkAddressText } from '../../lib/wire/index.js';

type Bag = Record<string, unknown>;

/** The enclosing objects, innermost first. */
type Around = readonly Bag[];

/** Inside more nests than this, only plain values are made. */
const DEPTH = 4;

const CHARACTERS = [...Array.from('abcdefghijklmnopqrstuvwxyz0123456789-_.@ "\'`\\$'), 'é', '\u2028', '漢', '🜁'];

/**
 * Makes values for a family's messages, in the form of decoded ones: encoding and decoding must return the same value.
 *
 * It has its own reader of descriptors; of the code under test it uses only the index.
 */
export class ValueMaker {
  readonly #index: SchemaIndex;
  readonly #below: (count: number) => number;
  /** Properties that select sub-messages in nests below their own set. */
  readonly #outerSelectors: ReadonlySet<string>;
  /** Members and attributes that hold the family of an address of 16 bytes, or of a netmask. */
  readonly #families: ReadonlySet<string>;

  /** @param below - Returns a number from 0 to `count - 1`. */
  constructor(schema: FamilySchema, below: (count: number) => number) {
    this.#index = indexSchema(schema);
    this.#below = below;
    const values = [...schema.sets.flatMap(({ attributes }) => attributes), ...schema.structs.flatMap(({ members }) => members)];
    this.#families = new Set(
      values.flatMap(({ address, hint }) => (address?.width !== undefined || hint === 'netmask' ? [address!.family!] : [])),
    );
    this.#outerSelectors = new Set(
      schema.sets.flatMap(({ attributes = [] }) =>
        attributes.flatMap(({ selector }) => (selector?.outer === true ? [selector.property] : [])),
      ),
    );
  }

  operation({ fixedHeader, set, variants = [] }: OperationSchema): Bag {
    const value: Bag = {};
    if (fixedHeader !== undefined) this.#members(fixedHeader, value, []);
    const chosen = variants.find(({ member, value: wanted }) => {
      const property = this.#index.struct(fixedHeader!).members.find(({ name }) => name === member)!.property;
      return value[property] === wanted;
    });
    return this.#attributes(chosen?.set ?? set, value, [], 0);
  }

  #attributes(setName: string | undefined, value: Bag, around: Around, depth: number): Bag {
    if (setName === undefined) return value;
    const usable = this.#index.set(setName).attributes.filter(({ type }) => type !== 'pad' && type !== 'unused');
    const header = new Set(Object.keys(value));
    const count = usable.length === 0 ? 0 : this.#below(8);
    const picked = new Set(Array.from({ length: count }, () => usable[this.#below(usable.length)]!));
    // A header field with the name of an attribute is decoded only as that attribute.
    for (const attribute of usable) if (header.has(attribute.property)) picked.add(attribute);
    // A selector made after the nest below it would hide the one that the nest was made for.
    const selects = ({ property }: ValueSchema & { property: string }): number =>
      this.#outerSelectors.has(property) || this.#families.has(property) ? 0 : 1;
    for (const attribute of [...picked].sort((one, other) => selects(one) - selects(other))) {
      const { property } = attribute;
      if (Object.hasOwn(value, property) && !header.has(property)) continue;
      const made =
        attribute.type === 'sub-message'
          ? this.#subMessage(attribute, setName, value, around, depth)
          : this.#whole(attribute, value, around, depth);
      if (made !== undefined) value[property] = this.#families.has(property) && this.#below(2) === 0 ? [2, 10][this.#below(2)] : made;
    }
    return this.#reordered(value, header);
  }

  /** Moves the families of addresses to the end of an object half of the time: attributes with a family may follow the address. */
  #reordered(value: Bag, header: ReadonlySet<string>): Bag {
    if (this.#below(2) === 0) return value;
    for (const property of Object.keys(value).filter((name) => this.#families.has(name) && !header.has(name))) {
      const family = value[property];
      delete value[property];
      value[property] = family;
    }
    return value;
  }

  #whole(attribute: ValueSchema & { multi?: true }, value: Bag, around: Around, depth: number): unknown {
    const scope = [value, ...around];
    if (attribute.type === 'nest-type-value') return this.#some(() => this.#typed(attribute, scope, depth));
    return attribute.multi === true ? this.#some(() => this.#value(attribute, scope, depth)) : this.#value(attribute, scope, depth);
  }

  /** Makes an item of an ordered nest: one attribute of the set. */
  #single(setName: string, around: Around, depth: number): Bag {
    const usable = this.#index.set(setName).attributes.filter(({ type }) => !['pad', 'unused', 'sub-message'].includes(type));
    const attribute = usable[this.#below(usable.length)]!;
    return { [attribute.property]: this.#whole(attribute, {}, around, depth) };
  }

  #typed(attribute: ValueSchema, around: Around, depth: number): Bag {
    const object: Bag = {};
    for (const name of attribute.typeValue!) object[name] = this.#below(0x4000);
    const element = attribute.element!;
    const made = this.#value(element, around, depth + 1);
    return element.type === 'nest' ? { ...object, ...(made as Bag) } : { ...object, value: made };
  }

  /** Makes a sub-message, and its selector if it is in the same set and absent. */
  #subMessage(attribute: ValueSchema, setName: string, value: Bag, around: Around, depth: number): unknown {
    const { formats } = this.#index.subMessage(attribute.subMessage!);
    const selector = attribute.selector!;
    const scope = [value, ...around];
    let chosen: unknown = this.#selected(selector, value, around);
    if (chosen === undefined) {
      if (selector.outer === true || formats.length === 0) return undefined;
      chosen = formats[this.#below(formats.length)]!.value;
      const schema = this.#index.set(setName).attributes.find(({ property }) => property === selector.property)!;
      if (schema.type !== 'string' && schema.enum === undefined) chosen = Number(chosen);
      if (typeof chosen === 'string' && chosen.length > (schema.checks?.maxLength ?? Infinity)) return undefined;
      value[selector.property] = chosen;
    }
    const format = formats.find((candidate) => candidate.value === String(chosen));
    if (format === undefined || depth > DEPTH) return undefined;
    if (format.content !== undefined) return this.#value(format.content, scope, depth + 1);
    const inner: Bag = {};
    if (format.fixedHeader !== undefined) this.#members(format.fixedHeader, inner, scope);
    return this.#attributes(format.set, inner, scope, depth + 1);
  }

  #selected({ property, outer }: SelectorSchema, value: Bag, around: Around): unknown {
    const places = outer === true ? around : [value];
    return places.find((place) => Object.hasOwn(place, property))?.[property];
  }

  /** Makes the members of a struct; of one that grows, some of the last ones are absent unless it is `complete`. */
  #members(structName: string, into: Bag, around: Around, hidden?: string, complete = false): Bag {
    const { members, grows, minimum = 0 } = this.#index.struct(structName);
    const whole = members.filter((member) => member.type !== 'pad' && member.name !== hidden);
    const count = grows === true && !complete ? this.#below(whole.length + 1) : whole.length;
    const shown = whole.filter(({ offset, size = 0 }, at) => at < count || offset + size <= minimum);
    for (const { property } of shown) into[property] = undefined;
    // The family of an address and the selector of a union may follow them; a struct may have the family for one before it.
    const depends = ({ struct, subMessage, address }: MemberSchema): boolean => (struct ?? subMessage ?? address?.width) !== undefined;
    const scope = [into, ...around];
    for (const member of shown) if (!depends(member)) into[member.property] = this.#member(member, scope);
    const hasFamily = ({ struct }: MemberSchema): boolean =>
      struct !== undefined && this.#index.struct(struct).members.some(({ property }) => this.#families.has(property));
    const dependent = shown.filter(depends);
    for (const member of [...dependent.filter(hasFamily), ...dependent.filter((other) => !hasFamily(other))])
      into[member.property] = this.#member(member, scope);
    const last = shown.at(-1);
    if (last?.lengthMember === undefined) return into;
    const { property } = members.find(({ name }) => name === last.lengthMember)!;
    const size = this.#sizeOf(last, into[last.property]);
    into[property] =
      last.lengthUnit === 'bits' ? 8 * size : last.lengthUnit === 'elements' ? (into[last.property] as unknown[]).length : size;
    return into;
  }

  /** Returns the bytes of the value of a member of variable size. */
  #sizeOf({ struct, element }: MemberSchema, value: unknown): number {
    if (typeof value === 'string') return Buffer.byteLength(value);
    if (!Array.isArray(value)) return (value as Uint8Array).byteLength;
    if (element !== undefined) return value.length * width(element);
    const { size, members } = this.#index.struct(struct!);
    const last = members.at(-1)!;
    return value.reduce<number>(
      (sum, item: Bag) => sum + size + (last.size === undefined ? this.#sizeOf(last, item[last.property]) : 0),
      0,
    );
  }

  #member(member: MemberSchema, around: Around): unknown {
    const { size, element, type, struct, property, subMessage } = member;
    if (subMessage !== undefined) return this.#union(member, around);
    if (this.#families.has(property) && this.#below(2) === 0) return [2, 10][this.#below(2)];
    if (struct !== undefined || size === undefined) return this.#value(member, around, DEPTH, struct !== undefined && size !== undefined);
    if (element !== undefined) return Array.from({ length: size / width(element) }, () => this.#value(element, [], DEPTH));
    if (size === 4 && isInternet(member)) return this.#address([4]);
    if (type === 'string') return this.#text(Math.floor((size - 1) / 4));
    return this.#value(type === 'binary' ? { ...member, checks: { exactLength: size } } : member, around, DEPTH);
  }

  #union({ subMessage, selector, size }: MemberSchema, around: Around): unknown {
    const chosen = String(around[0]![selector!.property]);
    const format = this.#index.subMessage(subMessage!).formats.find(({ value }) => value === chosen);
    if (format === undefined) return this.#bytes(size ?? this.#below(9));
    const { content, fixedHeader } = format;
    if (content !== undefined)
      return this.#value(content.type === 'binary' ? { ...content, checks: { exactLength: size ?? 8 } } : content, around, DEPTH);
    return fixedHeader === undefined ? {} : this.#members(fixedHeader, {}, around, undefined, size !== undefined);
  }

  /** Returns the nearest family of an address. */
  #family({ family, elsewhere = [] }: AddressSchema, around: Around): unknown {
    const paths = [[family!], ...elsewhere];
    const families = around.flatMap((place) => paths.map((path) => propertyAt(place, path.join('.'))));
    return families.find((value) => value !== undefined && value !== 0);
  }

  /** Makes an address in the form that the nearest family gives it. */
  #familyAddress(address: AddressSchema, around: Around): unknown {
    const found = this.#family(address, around);
    if (found !== 2 && found !== 10) return this.#bytes(16);
    return this.#address([found === 2 ? 4 : 16]);
  }

  #value(schema: ValueSchema, around: Around, depth: number, complete = false): unknown {
    switch (schema.type) {
      case 'string':
        return this.#text(Math.floor((schema.checks?.maxLength ?? 40) / 4));
      case 'flag':
        return true;
      case 'binary':
        return this.#binary(schema, around, depth, complete);
      case 'nest':
        if (schema.struct !== undefined)
          return this.#attributes(depth > DEPTH ? undefined : schema.set, this.#members(schema.struct, {}, around), around, depth + 1);
        return depth > DEPTH ? {} : this.#attributes(schema.set, {}, around, depth + 1);
      case 'ordered-nest':
        return depth > DEPTH ? [] : this.#some(() => this.#single(schema.set!, around, depth + 1));
      case 'indexed-array': {
        const list = depth > DEPTH ? [] : this.#some(() => this.#value(schema.element!, around, depth + 1));
        return this.#below(2) === 0
          ? list
          : attachIndexes(
              list,
              list.map(() => this.#below(0x4000)),
            );
      }
      case 'bitfield32':
        return { value: this.#number(4), selector: this.#number(4) };
      case 'records':
        return this.#some(() =>
          this.#attributes(schema.set, this.#members(schema.struct!, {}, around, schema.lengthMember), around, depth + 1),
        );
      case 'u32-or-u64':
        return this.#below(2) === 0
          ? Number(this.#limited(BigInt(this.#number(4)), schema.checks))
          : this.#limited(this.#long(false), schema.checks);
      case 'uint':
      case 'sint':
        return this.#named(
          schema,
          this.#limited(this.#below(2) === 0 ? BigInt(this.#below(9)) : this.#long(schema.type === 'sint'), schema.checks),
        );
      default:
        return this.#integer(schema, around);
    }
  }

  #integer(schema: ValueSchema, around: Around): unknown {
    const { type, hint } = schema;
    if (hint === 'netmask') return this.#family(schema.address!, around) === 2 ? this.#address([4]) : this.#number(4);
    if (type.endsWith('32') && isInternet(schema)) return this.#address([4, 16]);
    const signed = type.startsWith('s');
    if (width(schema) === 8) return this.#named(schema, this.#limited(this.#long(signed), schema.checks));
    const bits = 8 * width(schema);
    const unsigned = this.#below(2) === 0 ? this.#below(5) : this.#number(width(schema));
    return this.#named(schema, Number(this.#limited(signed ? BigInt.asIntN(bits, BigInt(unsigned)) : BigInt(unsigned), schema.checks)));
  }

  #named(schema: ValueSchema, value: number | bigint): unknown {
    if (schema.enum === undefined) return value;
    const { entries } = this.#index.schema.enums.find(({ name }) => name === schema.enum)!;
    const wanted = this.#below(2) === 0 || entries.length === 0 ? value : entries[this.#below(entries.length)]![1];
    return entries.find(([, number]) => BigInt(number) === BigInt(wanted))?.[0] ?? value;
  }

  #limited(value: bigint, { min, max, flagsMask }: CheckSchema = {}): bigint {
    let limited = flagsMask === undefined ? value : value & BigInt(flagsMask);
    if (max !== undefined && limited > BigInt(max)) limited = BigInt(max);
    return min !== undefined && limited < BigInt(min) ? BigInt(min) : limited;
  }

  #binary(schema: ValueSchema, around: Around, depth: number, complete: boolean): unknown {
    const { struct, repeated, element, hint, checks, address } = schema;
    if (address?.width !== undefined) return this.#familyAddress(address, around);
    if (struct !== undefined) {
      if (this.#index.struct(struct).members.length === 0) return repeated === true ? [] : {};
      const make = (): Bag => this.#members(struct, {}, around, undefined, complete || repeated === true);
      return repeated === true ? this.#some(make) : make();
    }
    if (element !== undefined) return this.#some(() => this.#value(element, [], depth));
    if (hint === 'mac') return checks?.exactLength === 16 ? this.#address([16]) : linkAddressText(this.#bytes(checks?.exactLength ?? 6));
    if (isInternet(schema)) return this.#address([4, 16].filter((length) => fits(length, checks)));
    if (hint === 'uuid')
      return linkAddressText(this.#bytes(16))
        .replaceAll(':', '')
        .replace(/(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-');
    if (hint === 'sockaddr_in-or-sockaddr_in6') {
      const port = this.#below(65536);
      return this.#below(2) === 0 ? `${this.#address([4])}:${port}` : `[${this.#address([16])}]:${port}`;
    }
    if (checks?.lengths !== undefined) return this.#bytes(checks.lengths[this.#below(checks.lengths.length)]!);
    const least = checks?.minLength ?? 0;
    const most = checks?.maxLength ?? least + 24;
    return this.#bytes(checks?.exactLength ?? least + this.#below(most - least + 1));
  }

  #address(lengths: readonly number[]): string {
    return addressText(this.#bytes(lengths[this.#below(lengths.length)]!));
  }

  #text(most: number): string {
    return Array.from({ length: this.#below(most + 1) }, () => CHARACTERS[this.#below(CHARACTERS.length)]!).join('');
  }

  #bytes(length: number): Uint8Array {
    return Uint8Array.from({ length }, () => this.#below(256));
  }

  #number(size: number): number {
    return this.#below(2 ** (8 * size));
  }

  #long(signed: boolean): bigint {
    const unsigned = (BigInt(this.#number(4)) << 32n) | BigInt(this.#number(4));
    return signed ? BigInt.asIntN(64, unsigned) : unsigned;
  }

  #some<T>(make: () => T): T[] {
    return Array.from({ length: 1 + this.#below(3) }, make);
  }
}

function isInternet({ hint }: ValueSchema): boolean {
  return hint === 'ipv4' || hint === 'ipv6' || hint === 'ipv4-or-v6';
}

function width({ type }: ValueSchema): number {
  return Number(type.slice(1)) / 8;
}

function fits(length: number, { exactLength, minLength, maxLength }: CheckSchema = {}): boolean {
  if (exactLength !== undefined) return length === exactLength;
  return length >= (minLength ?? 0) && length <= (maxLength ?? Infinity);
}
