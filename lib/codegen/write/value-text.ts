import type { AttributeSchema, FormatSchema, StructSchema, ValueSchema } from '../../schema/index.js';
import { headerComments } from './address-comments.js';
import { quote, typeKey } from '../names.js';
import { docComment, PropertyDocs } from './property-docs.js';
import { isWide, type TypeNames } from './type-names.js';

/** Whether a type is read from a reply or written into a request. @internal */
export type Direction = 'reply' | 'request';

/** An attribute or a member. */
type DocumentedValue = ValueSchema & { readonly name: string; readonly property: string };

const NARROW: readonly string[] = ['u8', 'u16', 'u32', 's8', 's16', 's32'];

/** True for what is shown as text although it is bytes or a number: addresses and UUIDs. @internal */
export function isText({ type, hint }: ValueSchema): boolean {
  if (hint === undefined || hint === 'hex' || hint === 'base64') return false;
  return type === 'binary' || (type === 'u32' && hint === 'ipv4');
}

/**
 * Writes the types of values.
 *
 * @internal
 */
export class ValueTexts {
  readonly names: TypeNames;
  /** Comments on fields of fixed headers, by property. */
  readonly headerComments: ReadonlyMap<string, string>;
  readonly #docs: PropertyDocs;
  readonly #unequal: ReadonlySet<string>;

  constructor(names: TypeNames, docs: PropertyDocs = new PropertyDocs()) {
    this.names = names;
    this.headerComments = headerComments(names.schema);
    this.#docs = docs;
    this.#unequal = findUnequal(names);
  }

  /** True if a set's type in requests is not its type in replies. */
  isUnequal(set: string): boolean {
    return this.#unequal.has(set);
  }

  attribute(attribute: AttributeSchema, direction: Direction): string {
    const { input } = attribute;
    const text = this.#form(attribute, attribute, direction);
    if (direction === 'reply' || input === undefined) return text;
    // A value can be written in the form in which it was read.
    const written = this.#form(attribute, input, direction);
    return written === text ? text : `${written} | ${text}`;
  }

  #form({ multi }: AttributeSchema, value: ValueSchema, direction: Direction): string {
    const text = this.value(value, direction);
    return multi === true && value.type !== 'nest-type-value' ? array(text) : text;
  }

  /**
   * Writes a property of a type, and above it its doc comment and where its flags are.
   *
   * @param owner - The set or struct that it belongs to.
   * @param comment - More for the doc comment.
   */
  property(owner: string, value: DocumentedValue, mark: '' | '?', text: string, comment?: string): string[] {
    const { name, property, flags, element, type } = value;
    const definition = flags === undefined ? element?.flags : flags;
    const wide = isWide(flags === undefined ? (element?.type ?? '') : type);
    const link = definition === undefined ? undefined : this.names.flags(this.names.enums.get(definition)!).get(wide)!;
    const own = this.#docs.find(owner, name);
    const doc = [own, comment, link === undefined || own?.includes(`{@link ${link}}`) === true ? undefined : `Flags of {@link ${link}}.`];
    const words = doc.filter((part) => part !== undefined).join(' ');
    return [...(words === '' ? [] : docComment(words, '  ')), `  readonly ${typeKey(property)}${mark}: ${text};`];
  }

  value(value: ValueSchema, direction: Direction): string {
    const { type } = value;
    if (isText(value)) return direction === 'reply' ? 'string' : 'AddressInput';
    if (NARROW.includes(type)) return value.enum === undefined ? 'number' : this.names.of('enum', value.enum);
    if (isWide(type)) return value.enum === undefined ? 'bigint' : `Exclude<${this.names.of('enum', value.enum)}, number> | bigint`;
    switch (type) {
      case 'string':
        return 'string';
      case 'flag':
        return 'boolean';
      case 'bitfield32':
        return 'Bitfield32';
      case 'nest':
        return this.message(value.struct, value.set, direction);
      case 'ordered-nest':
        return array(this.set(value.set!, direction));
      case 'indexed-array':
        return array(this.value(value.element!, direction));
      case 'nest-type-value':
        return array(this.#typeValue(value, direction));
      case 'records':
        return array(this.#record(value, direction));
      case 'sub-message':
        return this.names.of('sub-message', value.subMessage!, direction === 'request' ? 'Input' : '');
      default:
        return this.#binary(value, direction);
    }
  }

  set(name: string, direction: Direction): string {
    return this.names.of('set', name, direction === 'request' && this.isUnequal(name) ? 'Input' : '');
  }

  struct(name: string, direction: Direction): string {
    if (direction === 'reply') return this.names.of('struct', name);
    return hasInputType(this.names.structs.get(name)!)
      ? this.names.of('struct', name, 'Input')
      : `Partial<${this.names.of('struct', name)}>`;
  }

  format(format: FormatSchema, direction: Direction): string {
    return format.content === undefined ? this.message(format.fixedHeader, format.set, direction) : this.value(format.content, direction);
  }

  /** Header fields, then attributes. */
  message(header: string | undefined, set: string | undefined, direction: Direction): string {
    if (header === undefined) return set === undefined ? 'WithUnknown' : this.set(set, direction);
    if (set === undefined) return `${this.struct(header, direction)} & WithUnknown`;
    const clashes = this.#clashes(header, set, direction);
    const [front, back] = [this.struct(header, direction), this.set(set, direction)];
    if (clashes.length === 0) return `${front} & ${back}`;
    const keys = clashes.map(([property]) => quote(property)).join(' | ');
    const mark = direction === 'request' ? '?' : '';
    const both = clashes.map(([property, text]) => `readonly ${typeKey(property)}${mark}: ${text}`).join('; ');
    return `Omit<${front}, ${keys}> & Omit<${back}, ${keys}> & { ${both} }`;
  }

  /** Properties that header and set share although their types differ. */
  #clashes(header: string, set: string, direction: Direction): [string, string][] {
    const { attributes } = this.names.sets.get(set)!;
    return this.names.structs.get(header)!.members.flatMap((member): [string, string][] => {
      const attribute = attributes.find(({ property, type }) => property === member.property && type !== 'pad' && type !== 'unused');
      if (attribute === undefined) return [];
      const [own, other] = [this.value(member, direction), this.attribute(attribute, direction)];
      return own === other ? [] : [[member.property, `${own} | ${other}`]];
    });
  }

  #binary(value: ValueSchema, direction: Direction): string {
    if (value.struct !== undefined) {
      const struct = this.struct(value.struct, direction);
      return value.repeated === true ? array(struct) : struct;
    }
    if (value.hint === 'base64' && direction === 'request') return 'KeyInput';
    return value.element === undefined ? 'Uint8Array' : array(this.value(value.element, direction));
  }

  #typeValue({ typeValue, element }: ValueSchema, direction: Direction): string {
    const keys = typeValue!.map((property) => `readonly ${typeKey(property)}: number`);
    const inner = this.value(element!, direction);
    return element!.type === 'nest' ? `{ ${keys.join('; ')} } & ${inner}` : `{ ${[...keys, `readonly value: ${inner}`].join('; ')} }`;
  }

  #record({ struct, set, lengthMember }: ValueSchema, direction: Direction): string {
    const length = this.names.structs.get(struct!)!.members.find(({ name }) => name === lengthMember)!;
    return `Omit<${this.struct(struct!, direction)}, ${quote(length.property)}> & ${this.set(set!, direction)}`;
  }
}

/** True if a struct's members have other types when written, beyond that they may be left out. @internal */
export function hasInputType({ members }: StructSchema): boolean {
  return members.some((member) => isText(member) || member.hint === 'base64' || member.struct !== undefined);
}

function array(text: string): string {
  return `readonly ${/^[\w.]+(?:<\w+>)?$/.test(text) ? text : `(${text})`}[]`;
}

/** Sets whose types differ by direction: those with texts, structs and inputs of their own, and all that hold them. */
function findUnequal({ sets, subMessages }: TypeNames): ReadonlySet<string> {
  const unequal = new Set<string>();
  const differs = (value: ValueSchema): boolean =>
    isText(value) ||
    value.hint === 'base64' ||
    value.selector !== undefined ||
    value.struct !== undefined ||
    (value.set !== undefined && unequal.has(value.set)) ||
    (value.element !== undefined && differs(value.element)) ||
    (value.subMessage !== undefined && subMessages.get(value.subMessage)!.formats.some(formatDiffers));
  const formatDiffers = ({ fixedHeader, set, content }: FormatSchema): boolean =>
    fixedHeader !== undefined || (set !== undefined && unequal.has(set)) || (content !== undefined && differs(content));
  for (let size = -1; size !== unequal.size;) {
    size = unequal.size;
    for (const { name, attributes } of sets.values()) {
      if (attributes.some((attribute) => attribute.input !== undefined || attribute.write?.never === true || differs(attribute)))
        unequal.add(name);
    }
  }
  return unequal;
}
