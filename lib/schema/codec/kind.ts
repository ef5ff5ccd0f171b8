import type { BackEnd, DecoderArguments, Scope, ValueDecoder } from './back-end.js';
import type { Encoders, IntegerWriter, PropertyEncoder, ValueEncoder } from './encode-context.js';
import type { AttributeFields, SchemaNames } from './schema-names.js';
import type { SelectorAhead } from './selector-ahead.js';
import type { SourceText } from './source-text.js';
import type { ValueFields } from './value-fields.js';
import type { Place, Walker } from './walker.js';

/** The set around an attribute while generated source for it is written. @internal */
export interface SourceContext {
  readonly text: SourceText;
  readonly backEnd: BackEnd;
  readonly set: string;
  /** The variable of each property that selects a sub-message of this set. */
  readonly selectors: ReadonlyMap<string, string>;
  /** The variable for the look-ahead of each of those properties. */
  readonly aheads: ReadonlyMap<string, string>;
  /** Source of the scope that nested decoders receive. */
  readonly scope: string;
}

/** Source of an attribute's value. The payload is from `p + 4` to `p + length`; `q` is the index of the word at `p`. @internal */
export interface ValueSource {
  readonly value: string;
  /** Source of the condition under which the bytes fit; true if all bytes fit. If it is omitted, the value is undefined when they do not fit. */
  readonly fits?: string | true;
}

/** A member of a struct in generated source. @internal */
export interface MemberPlace {
  /** Source of its byte offset. */
  readonly byte: string;
  readonly size: number | undefined;
  /** Its offset in the struct. */
  readonly offset: number;
  /** The size of the struct. */
  readonly structSize: number;
  /** The struct starts at a multiple of 4: `q` is the index of its first word. */
  readonly aligned: boolean;
}

/** The selectors of one body while closures decode it, by property. @internal */
export interface SelectorValues {
  /** Values of the attributes so far. */
  readonly selectors: Map<string, unknown>;
  /** Look-aheads for selectors that are not decoded yet. */
  readonly aheads: Map<string, SelectorAhead>;
}

/** Decodes an attribute that depends on others of its body. @internal */
export type AttributeDecoder = (...range: [...DecoderArguments, bodyEnd: number, values: SelectorValues]) => unknown;

/**
 * The codec of a value: everything that depends on its form on the wire.
 *
 * Each method resolves the names in the descriptor's value when a codec is made, not when bytes are read.
 *
 * @internal
 */
export interface ValueCodec {
  /** Makes the decoder out of closures. It accepts any offset, aligned or not. */
  decode(backEnd: BackEnd, value: ValueFields): ValueDecoder;
  /** Makes the encoder of the payload. */
  encode(encoders: Encoders, value: ValueFields): ValueEncoder;
  /** Returns true if a value in a request may be meant for this form. It looks at the type of the value only. */
  accepts(given: unknown): boolean;
  /** Writes the source of an attribute's value; if it is omitted, generated code calls the closure. */
  source?(context: SourceContext, value: ValueFields): ValueSource;
  /** Writes the source of a struct member's value; undefined if generated code calls the closure. */
  memberSource?(text: SourceText, names: SchemaNames, value: ValueFields, place: MemberPlace): string | undefined;
  /** Makes the closure of an attribute that depends on others of its body. */
  decodeAttribute?(backEnd: BackEnd, set: string, attribute: AttributeFields): AttributeDecoder;
  /** Makes the encoder of an attribute that is more than a header and a payload. */
  encodeAttribute?(encoders: Encoders, set: string, attribute: AttributeFields): PropertyEncoder;
  /** Makes the function that writes the value of a struct member in place, at its offset. */
  writeInteger?(encoders: Encoders, value: ValueFields, offset: number): IntegerWriter;
  /** Visits the attributes in a value. */
  walk?(walker: Walker, value: ValueFields, place: Place, scope: Scope): void;
  /** Returns true if the payload consists of attributes only: requests set the flag NESTED. */
  isNested?(value: ValueFields): boolean;
  /** Each item of the array is an attribute of its own, and several attributes make one array. */
  readonly isSpread?: true;
  /** A walk decodes the value: it may be a selector. */
  readonly isSelector?: true;
}

/** The direction of a type: values in replies, or values in requests. @internal */
export type Direction = 'reply' | 'request';

/** Writes the TypeScript types of values and of the named parts of a family. @internal */
export interface TypeTexts {
  value(value: ValueFields, direction: Direction): string;
  enum(name: string): string;
  set(name: string, direction: Direction): string;
  struct(name: string, direction: Direction): string;
  /** Header fields, then attributes, in one object. */
  message(header: string | undefined, set: string | undefined, direction: Direction): string;
  subMessage(name: string, direction: Direction): string;
  array(item: string): string;
  /** Writes a property name as a key of a type. */
  key(property: string): string;
  /** Writes the property of a struct's member as a literal type. */
  member(struct: string, name: string): string;
}

/** The words of a specification that a kind reads, beside `type`. @internal */
export type SpecificationField =
  'set' | 'struct' | 'optional-struct' | 'length-member' | 'sub-message' | 'element' | 'type-value' | 'payload' | 'scalar' | 'checks';

/** A kind of attribute: a name in the descriptor's `type`, and everything that the library does with its values. @internal */
export interface Kind extends ValueCodec {
  /** The parts of the descriptor that are read from a specification, in this order. */
  readonly fields: readonly SpecificationField[];
  /** Types in the kernel's policies (`NL_ATTR_TYPE_*`) that this kind may describe. */
  readonly policyTypes: readonly string[];
  /** Writes the TypeScript type of a value. */
  typeText(value: ValueFields, texts: TypeTexts, direction: Direction): string;
  /** Returns the codec of a value whose other fields select one; undefined if the kind's own applies. */
  codecOf?(value: ValueFields): ValueCodec | undefined;
  /** Decoded values of this kind carry the mark of a secret themselves; for other kinds the object around them carries it. */
  readonly marksSecrets?: true;
  /** The attribute carries no value. It is never shown or written; a received one is skipped, or kept as unknown. */
  readonly empty?: 'skipped' | 'unknown';
}
