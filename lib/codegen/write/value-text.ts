import type { AttributeSchema, FormatSchema, StructSchema, ValueFields, ValueSchema } from '../../schema/index.js';
import { findKind, hasValue, isAddressText, type Direction, type TypeTexts } from '../../schema/internal.js';
import { headerComments } from './address-comments.js';
import { quote, typeKey } from '../names.js';
import { docComment, PropertyDocs } from './property-docs.js';
import { isWide, type TypeNames } from './type-names.js';

/** An attribute or a member. */
type DocumentedValue = ValueSchema & { readonly name: string; readonly property: string };

/**
 * Prints the types of values.
 *
 * @internal
 */
export class ValueTexts implements TypeTexts {
  readonly names: TypeNames;
  /** The comments on fields of fixed headers, by property. */
  readonly headerComments: ReadonlyMap<string, string>;
  readonly #docs: PropertyDocs;
  readonly #unequal: ReadonlySet<string>;

  constructor(names: TypeNames, docs: PropertyDocs = new PropertyDocs()) {
    this.names = names;
    this.headerComments = headerComments(names.schema);
    this.#docs = docs;
    this.#unequal = findUnequal(names);
  }

  /** Returns true if the type of a set differs between requests and replies. */
  isUnequal(set: string): boolean {
    return this.#unequal.has(set);
  }

  attribute(attribute: AttributeSchema, direction: Direction): string {
    const { input } = attribute;
    const text = this.#form(attribute, attribute, direction);
    if (direction === 'reply' || input === undefined) return text;
    // A request also accepts a value in the form of a reply.
    const written = this.#form(attribute, input, direction);
    return written === text ? text : `${written} | ${text}`;
  }

  #form({ multi }: AttributeSchema, value: ValueSchema, direction: Direction): string {
    const text = this.value(value, direction);
    return multi === true && findKind(value).isSpread !== true ? this.array(text) : text;
  }

  /**
   * Prints a property of a type with its doc comment, which links to the object of its flags.
   *
   * @param owner - The set or struct that it belongs to.
   * @param comment - Another sentence for the doc comment.
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

  value(value: ValueFields, direction: Direction): string {
    return findKind(value).typeText(value, this, direction);
  }

  enum(name: string): string {
    return this.names.of('enum', name);
  }

  subMessage(name: string, direction: Direction): string {
    return this.names.of('sub-message', name, direction === 'request' ? 'Input' : '');
  }

  array(text: string): string {
    return `readonly ${/^[\w.]+(?:<\w+>)?$/.test(text) ? text : `(${text})`}[]`;
  }

  key(property: string): string {
    return typeKey(property);
  }

  member(struct: string, name: string): string {
    return quote(this.names.structs.get(struct)!.members.find((member) => member.name === name)!.property);
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

  /** Returns the type of a message: header fields, then attributes. */
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

  /** Returns the properties that header and set share with different types. */
  #clashes(header: string, set: string, direction: Direction): [string, string][] {
    const { attributes } = this.names.sets.get(set)!;
    return this.names.structs.get(header)!.members.flatMap((member): [string, string][] => {
      const attribute = attributes.find((candidate) => candidate.property === member.property && hasValue(candidate));
      if (attribute === undefined) return [];
      const [own, other] = [this.value(member, direction), this.attribute(attribute, direction)];
      return own === other ? [] : [[member.property, `${own} | ${other}`]];
    });
  }
}

/** Returns true if members of a struct have other types in requests, apart from being optional. @internal */
export function hasInputType({ members }: StructSchema): boolean {
  return members.some(
    (member) => isAddressText(member) || member.hint === 'base64' || member.struct !== undefined || member.subMessage !== undefined,
  );
}

/** Returns the sets whose types differ by direction: those with texts, structs or inputs of their own, and all sets that hold them. */
function findUnequal({ sets, subMessages }: TypeNames): ReadonlySet<string> {
  const unequal = new Set<string>();
  const differs = (value: ValueSchema): boolean =>
    isAddressText(value) ||
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
