import { suggestion } from '../../check/index.js';
import { EncodeError } from '../../errors/index.js';
import { AttributeFlags } from '../../wire/index.js';
import { isBytes, kindOf } from '../../wire/internal.js';
import { AddressFields, ownedFields } from '../codec/address/address-fields.js';
import { completeBareAddresses } from '../codec/address/bind-address.js';
import type { BodySchema, Scope } from '../codec/back-end.js';
import { type EncodeContext, type Encoders, type PropertyEncoder, type ValueEncoder, isRecord } from '../codec/encode-context.js';
import { attribute, checkDepth, closeAttribute, eachItem, typeOf } from '../codec/encode-items.js';
import { variableMember } from '../codec/struct/struct-end.js';
import type { AttributeSchema, StructSchema, ValueSchema } from '../descriptor/descriptor.js';
import type { SchemaIndex } from '../descriptor/schema-index.js';
import { findCodec, hasValue } from '../kinds/table.js';
import { Unknown, type UnknownAttribute } from '../value/unknown.js';
import { completionOf } from './complete-value.js';
import { defaultAttributes, defaultWriter, writeChooser } from './encode-default.js';
import { maskWriters } from './encode-mask.js';
import { withoutExcluded } from './encode-excluded.js';
import { notIgnored } from './encode-ignored.js';
import { onlyAllowed } from './encode-only.js';
import { withoutValue } from './encode-secret.js';
import { lengthWriter } from './encode-length.js';
import { grownSize, memberWriters } from './encode-struct.js';
import type { MemberWriter } from './member-writer.js';
import { bitAdditions, ruledEncoder } from './write-rule.js';

/** Makes the encoder of a body. @internal */
export function makeBodyEncoder(encoders: Encoders, index: SchemaIndex, body: BodySchema): ValueEncoder {
  const { header, set, hidden } = body;
  const struct = header === undefined ? undefined : index.struct(header);
  const members = struct === undefined ? new Map<string, MemberWriter>() : memberWriters(encoders, index, struct, hidden);
  const properties = new PropertyEncoders(encoders, index, set);
  const shared = sharedForms(index, body);
  // One look-up for each property of each of many requests: null is a field that the header has.
  const written = new Map<string, PropertyEncoder | null>();
  const find = (property: string): PropertyEncoder | null | undefined => {
    const encode = properties.get(property) ?? (members.has(property) ? null : undefined);
    if (encode !== undefined) written.set(property, encode);
    return encode;
  };
  const fieldWriters = new Map(
    [...members].map(([property, write]): [string, FieldWriter] => [property, { write, form: shared.get(property) }]),
  );
  const owned = ownedFields(index.addressFields, members, properties);
  const masks = struct === undefined ? [] : maskWriters(struct, members);
  const writeDefaults = struct === undefined ? undefined : defaultWriter(struct, members);
  const writeLength = struct === undefined ? undefined : lengthWriter(index, struct, members);
  const addDefaults = set === undefined ? undefined : defaultAttributes(index.set(set), properties);
  const additions = struct === undefined ? undefined : bitAdditions(struct);
  const complete = set === undefined ? undefined : completionOf(index.set(set).attributes);
  const writeAttributes = (
    context: EncodeContext,
    value: Record<string, unknown>,
    names: readonly string[],
    scope: Scope,
    depth: number,
  ): void => {
    for (const name of names) {
      const content = value[name];
      if (content === undefined) continue;
      let encode = written.get(name);
      if (encode === undefined) encode = find(name);
      if (encode === null) continue;
      if (encode === undefined) {
        context.path.push(name);
        return context.fail(suggestion(name, [...properties.keys(), ...members.keys()]) || `there is no such property`);
      }
      if (shared.size > 0 && members.has(name) && shared.get(name)?.(content) !== true) continue;
      context.path.push(name);
      encode(context, content, scope, depth);
      context.path.pop();
    }
  };
  return (context, given, outer, depth) => {
    checkDepth(context, depth);
    if (!isRecord(given)) return context.fail(`${kindOf(given)} is not an object`);
    const value = context.isWrite && complete !== undefined ? complete(given) : given;
    const fields = owned === undefined || context.request === undefined ? undefined : new AddressFields(owned, value);
    const scope: Scope = { value, outer, fields };
    const start = context.writer.length;
    const names = Object.keys(value);
    let left = names.length;
    if (struct !== undefined) {
      context.writer.reserve(struct.size);
      const complemented = context.isWrite && additions !== undefined ? additions(value) : value;
      const isWhole = complemented === value;
      const count = writeHeader(context, start, fieldWriters, complemented, scope, isWhole ? names : Object.keys(complemented));
      // What was added is not among the names.
      if (isWhole) left -= count;
      if (masks.length > 0) for (const write of masks) write(context, start, scope);
      writeLength?.(context, start, scope);
      finishHeader(context, struct, set, start, value);
    }
    if (left > 0) writeAttributes(context, value, names, scope, depth + 1);
    if (fields?.hasChanges === true) {
      completeBareAddresses(context, fields);
      for (const { property, value: number } of fields.filled) {
        const member = members.get(property);
        if (member === undefined) properties.get(property)!(context, number, scope, depth + 1);
        else member(context, start, number, scope);
      }
    }
    writeDefaults?.(context, start, scope);
    writeChooser(context, start, members, scope);
    addDefaults?.(context, scope, depth + 1);
    const unknown = (value as { [Unknown]?: unknown })[Unknown];
    if (unknown === undefined) return;
    alignFrom(context, start);
    writeUnknown(context, unknown);
  };
}

/** Selects between an attribute and a header field of the same name: true if a value is for the attribute. */
type SharedForm = (value: unknown) => boolean;

/** The writer of a header field. */
interface FieldWriter {
  readonly write: MemberWriter;
  /** Defined if an attribute has the same name. */
  readonly form: SharedForm | undefined;
}

/** Finds the names that a header field shares with an attribute. A value that suits only the field is for the field (`loss` of netem: a number or a nest). */
function sharedForms(index: SchemaIndex, { header, set, hidden }: BodySchema): ReadonlyMap<string, SharedForm> {
  const shared = new Map<string, SharedForm>();
  if (header === undefined || set === undefined) return shared;
  const members = index.struct(header).members.filter(({ type, name }) => type !== 'pad' && name !== hidden);
  for (const attribute of index.set(set).attributes) {
    const member = members.find(({ property }) => property === attribute.property);
    if (member === undefined || !hasValue(attribute)) continue;
    const { input, multi } = attribute;
    const fits = (value: unknown): boolean =>
      multi === true ? Array.isArray(value) : suits(attribute, value) || (input !== undefined && suits(input, value));
    shared.set(attribute.property, (value) => fits(value) || !suits(member, value));
  }
  return shared;
}

/**
 * Writes the header fields. A value for an attribute of the same name is written into the field as well if it fits; if not, the field is 0.
 *
 * @param names - The value's own enumerable properties.
 * @returns The number of them that are header fields and nothing else.
 */
function writeHeader(
  context: EncodeContext,
  start: number,
  fields: ReadonlyMap<string, FieldWriter>,
  value: Record<string, unknown>,
  scope: Scope,
  names: readonly string[],
): number {
  let count = 0;
  // The properties of the value, not of the header: most requests have few.
  for (const property of names) {
    const field = fields.get(property);
    if (field === undefined) continue;
    const { write, form } = field;
    if (form === undefined) count++;
    const given = value[property];
    if (given === undefined) continue;
    context.path.push(property);
    if (form?.(given) === true) writeIfFits(context, start, write, given, scope);
    else write(context, start, given, scope);
    context.path.pop();
  }
  return count;
}

/** Pads a header before attributes. The kernel's messages have the older form of a header that grows. */
function finishHeader(
  context: EncodeContext,
  struct: StructSchema,
  set: string | undefined,
  start: number,
  value: Record<string, unknown>,
): void {
  const { writer } = context;
  const isVariable = variableMember(struct) !== undefined;
  if (struct.grows === true && set === undefined && context.request === undefined) writer.length = start + grownSize(struct, value);
  else if (set !== undefined || !isVariable) alignFrom(context, start);
}

/** Pads what was written since an offset to a multiple of 4 bytes. */
function alignFrom({ writer }: EncodeContext, start: number): void {
  writer.align(writer.length - start);
}

function writeIfFits(context: EncodeContext, start: number, write: MemberWriter, value: unknown, scope: Scope): void {
  const depth = context.path.length;
  const { length } = context.writer;
  try {
    write(context, start, value, scope);
  } catch (error) {
    if (!(error instanceof EncodeError)) throw error;
    context.path.length = depth;
    context.writer.length = length;
  }
}

/** The encoders of the properties of a set. Each is made when a request has the property: most requests have few. */
class PropertyEncoders {
  readonly #encoders: Encoders;
  readonly #index: SchemaIndex;
  readonly #set: string;
  readonly #schemas = new Map<string, AttributeSchema>();
  readonly #made = new Map<string, PropertyEncoder>();

  /** @param set - The set; undefined for a body without attributes. */
  constructor(encoders: Encoders, index: SchemaIndex, set: string | undefined) {
    this.#encoders = encoders;
    this.#index = index;
    this.#set = set ?? '';
    if (set === undefined) return;
    for (const schema of index.set(set).attributes) if (hasValue(schema)) this.#schemas.set(schema.property, schema);
  }

  keys(): Iterable<string> {
    return this.#schemas.keys();
  }

  get(property: string): PropertyEncoder | undefined {
    const schema = this.#schemas.get(property);
    if (schema === undefined) return undefined;
    let encode = this.#made.get(property);
    if (encode === undefined) this.#made.set(property, (encode = this.#make(schema)));
    return encode;
  }

  #make(schema: AttributeSchema): PropertyEncoder {
    const allowed = onlyAllowed(this.#index, schema, ([value]) => value, propertyEncoder(this.#encoders, this.#index, this.#set, schema));
    const encode = withoutExcluded(
      schema,
      withoutValue(schema, ([value]) => value, notIgnored(schema, allowed)),
    );
    if (schema.write === undefined) return encode;
    return ruledEncoder(schema.write, encode, (property) => {
      const found = this.get(property);
      if (found === undefined) throw new TypeError(`set ${this.#set} has no property '${property}'`);
      return found;
    });
  }
}

/** Makes the encoder of a property. If replies and requests have different forms, it accepts a value in either form. */
function propertyEncoder(encoders: Encoders, index: SchemaIndex, set: string, schema: AttributeSchema): PropertyEncoder {
  const { input, ...read } = schema;
  if (input === undefined) return formEncoder(encoders, set, schema);
  const { id, name, property, multi } = schema;
  const written = { id, name, property, ...input };
  const write = formEncoder(encoders, set, multi === undefined ? written : { ...written, multi });
  const writeRead = formEncoder(encoders, set, read);
  const convert = readConverter(index, read, input);
  return (context, value, scope, depth) => {
    if (suits(input, value) || !suits(read, value)) write(context, value, scope, depth);
    else if (context.isWrite && convert !== undefined) write(context, convert(value), scope, depth);
    else writeRead(context, value, scope, depth);
  };
}

/** Makes the function that converts a value of a reply into the form of requests: a number into a flag, an array into the attributes at its indexes. */
function readConverter(index: SchemaIndex, { type, element }: ValueSchema, input: ValueSchema): ((value: unknown) => unknown) | undefined {
  if (input.type === 'flag' && type === 'u8') return (value) => value !== 0;
  if (input.type !== 'nest' || input.set === undefined || element === undefined) return undefined;
  const attributes = index.attributes(input.set);
  return (value) => {
    const entries = (value as readonly unknown[]).map((item, at) => [attributes.get(at + 1)?.property, item] as const);
    return Object.fromEntries(entries.filter(([property]) => property !== undefined)) as unknown;
  };
}

/** Returns true if a value may be meant for a schema, by the type of the value alone. */
function suits(schema: ValueSchema, value: unknown): boolean {
  return findCodec(schema).accepts(value);
}

function formEncoder(encoders: Encoders, set: string, schema: AttributeSchema): PropertyEncoder {
  const codec = findCodec(schema);
  const write = codec.encodeAttribute?.(encoders, set, schema) ?? attributeEncoder(encoders, schema);
  if (schema.multi !== true && codec.isSpread !== true) return write;
  return (context, value, scope, depth) => {
    eachItem(context, value, (item) => {
      write(context, item, scope, depth);
    });
  };
}

function attributeEncoder(encoders: Encoders, schema: AttributeSchema): PropertyEncoder {
  const type = typeOf(schema.id, encoders.isNested(schema)) | (schema.netByteOrder === true ? AttributeFlags.NetworkByteOrder : 0);
  let encode: ValueEncoder | undefined;
  return (context, given, scope, depth) => {
    encode ??= encoders.value(schema);
    const start = context.writer.openAttribute(type);
    encode(context, given, scope, depth);
    closeAttribute(context, start);
  };
}

function writeUnknown(context: EncodeContext, unknown: unknown): void {
  context.path.push('[unknown]');
  eachItem(context, unknown, (item) => {
    const { type, flags = 0, payload } = item as Partial<UnknownAttribute>;
    if (typeof type !== 'number' || type !== (type & AttributeFlags.TypeMask) || !isBytes(payload)) {
      return context.fail(`${kindOf(item)} is not an unknown attribute: type, flags, payload`);
    }
    attribute(context, type | (flags & 0xc000), () => {
      context.writer.write(payload);
    });
  });
  context.path.pop();
}
