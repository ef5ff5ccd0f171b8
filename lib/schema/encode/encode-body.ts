import { EncodeError } from '../../errors/index.js';
import { AttributeFlags } from '../../wire/index.js';
import { isBytes } from '../../wire/internal.js';
import { AddressFields, completeBareAddresses, ownedFields } from './address-fields.js';
import { type BodySchema, type Scope } from '../decode/back-end.js';
import { outerValue } from '../decode/decode-primitives.js';
import type { AttributeSchema, ValueSchema } from '../descriptor/descriptor.js';
import { attribute, checkDepth, eachItem, isNested } from './encode-composite.js';
import { type EncodeContext, type ValueEncoder, isRecord, kindOf, show } from './encode-context.js';
import { maskWriters } from './encode-mask.js';
import { withoutValue } from './encode-secret.js';
import { type MemberWriter, memberWriters } from './encode-struct.js';
import { type Encoders } from './encoders.js';
import { shapeOf } from '../descriptor/shape.js';
import { suggestion } from '../../check/index.js';
import { Unknown, type UnknownAttribute } from '../value/unknown.js';
import { type PropertyEncoder, bitAdditions, ruledEncoder } from './write-rule.js';

/** Appends header fields and attributes. @internal */
export type BodyEncoder = ValueEncoder;

/** Makes the encoder of a body. @internal */
export function makeBodyEncoder(encoders: Encoders, body: BodySchema): BodyEncoder {
  const { header, set, hidden } = body;
  const struct = header === undefined ? undefined : encoders.index.struct(header);
  const members = struct === undefined ? new Map<string, MemberWriter>() : memberWriters(encoders, struct, hidden);
  const properties = set === undefined ? new Map<string, PropertyEncoder>() : propertyEncoders(encoders, set);
  const shared = sharedForms(encoders, body);
  const owned = ownedFields(encoders.index.addressFields, members, properties);
  const masks = struct === undefined ? [] : maskWriters(struct, members);
  const additions = struct === undefined ? undefined : bitAdditions(struct);
  return (context, value, outer, depth) => {
    checkDepth(context, depth);
    if (!isRecord(value)) return context.fail(`${kindOf(value)} is not an object`);
    const fields = owned === undefined || context.request === undefined ? undefined : new AddressFields(owned, value);
    const scope: Scope = { value, outer, fields };
    const start = context.writer.length;
    if (struct !== undefined) {
      context.writer.reserve((struct.size + 3) & ~3);
      const written = context.isWrite && additions !== undefined ? additions(value) : value;
      writeHeader(context, start, members, shared, written, scope);
      for (const write of masks) write(context, start, scope);
    }
    for (const name of Object.keys(value)) {
      const given = value[name];
      if (given === undefined) continue;
      const encode = properties.get(name);
      if (members.has(name) && shared.get(name)?.(given) !== true) continue;
      context.path.push(`.${name}`);
      if (encode === undefined) {
        return context.fail(suggestion(name, [...properties.keys(), ...members.keys()]) || `there is no such property`);
      }
      encode(context, given, scope, depth + 1);
      context.path.pop();
    }
    if (fields !== undefined) {
      completeBareAddresses(context, fields);
      for (const { property, value: number } of fields.filled) {
        const member = members.get(property);
        if (member === undefined) properties.get(property)!(context, number, scope, depth + 1);
        else member(context, start, number, scope);
      }
    }
    const unknown = (value as { [Unknown]?: unknown })[Unknown];
    if (unknown !== undefined) writeUnknown(context, unknown);
  };
}

/** Tells which of an attribute and a header field of the same name a value is for: true for the attribute. */
type SharedForm = (value: unknown) => boolean;

/** Names that a header field shares with an attribute. A value of the field's sort alone is the field's (netem's `loss`: a number or a nest). */
function sharedForms(encoders: Encoders, { header, set, hidden }: BodySchema): ReadonlyMap<string, SharedForm> {
  const shared = new Map<string, SharedForm>();
  if (header === undefined || set === undefined) return shared;
  const members = encoders.index.struct(header).members.filter(({ type, name }) => type !== 'pad' && name !== hidden);
  for (const attribute of encoders.index.set(set).attributes) {
    const member = members.find(({ property }) => property === attribute.property);
    if (member === undefined || attribute.type === 'pad' || attribute.type === 'unused') continue;
    const { input, multi } = attribute;
    const fits = (value: unknown): boolean =>
      multi === true ? Array.isArray(value) : suits(attribute, value) || (input !== undefined && suits(input, value));
    shared.set(attribute.property, (value) => fits(value) || !suits(member, value));
  }
  return shared;
}

/** Writes the header fields. A value that is for an attribute of the same name goes into the field as well if it fits; else the field is 0. */
function writeHeader(
  context: EncodeContext,
  start: number,
  members: ReadonlyMap<string, MemberWriter>,
  shared: ReadonlyMap<string, SharedForm>,
  value: Record<string, unknown>,
  scope: Scope,
): void {
  for (const [property, write] of members) {
    const given = Object.hasOwn(value, property) ? value[property] : undefined;
    if (given === undefined) continue;
    context.path.push(`.${property}`);
    if (shared.get(property)?.(given) === true) writeIfFits(context, start, write, given, scope);
    else write(context, start, given, scope);
    context.path.pop();
  }
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

function propertyEncoders(encoders: Encoders, set: string): Map<string, PropertyEncoder> {
  const properties = new Map<string, PropertyEncoder>();
  const find = (property: string): PropertyEncoder => {
    const found = properties.get(property);
    if (found === undefined) throw new TypeError(`set ${set} has no property '${property}'`);
    return found;
  };
  for (const schema of encoders.index.set(set).attributes) {
    if (schema.type === 'pad' || schema.type === 'unused') continue;
    const encode = withoutValue(schema, ([value]) => value, propertyEncoder(encoders, set, schema));
    properties.set(schema.property, schema.write === undefined ? encode : ruledEncoder(schema.write, encode, find));
  }
  return properties;
}

/** Makes the encoder of a property; where it is read otherwise than it is written, it takes a value that was read, too. */
function propertyEncoder(encoders: Encoders, set: string, schema: AttributeSchema): PropertyEncoder {
  const { input, ...read } = schema;
  if (input === undefined) return formEncoder(encoders, set, schema);
  const { id, name, property, multi } = schema;
  const write = formEncoder(encoders, set, { id, name, property, ...(multi === undefined ? {} : { multi }), ...input });
  const writeRead = formEncoder(encoders, set, read);
  const convert = readConverter(encoders, read, input);
  return (context, value, scope, depth) => {
    if (suits(input, value) || !suits(read, value)) write(context, value, scope, depth);
    else if (context.isWrite && convert !== undefined) write(context, convert(value), scope, depth);
    else writeRead(context, value, scope, depth);
  };
}

/** Makes what turns a value that was read into the form in which requests carry it: a number into a flag, an array into the attributes of its places. */
function readConverter(encoders: Encoders, { type, element }: ValueSchema, input: ValueSchema): ((value: unknown) => unknown) | undefined {
  if (input.type === 'flag' && type === 'u8') return (value) => value !== 0;
  if (input.type !== 'nest' || input.set === undefined || element === undefined) return undefined;
  const attributes = encoders.index.attributes(input.set);
  return (value) => {
    const entries = (value as readonly unknown[]).map((item, at) => [attributes.get(at + 1)?.property, item] as const);
    return Object.fromEntries(entries.filter(([property]) => property !== undefined)) as unknown;
  };
}

/** Tells by its sort alone whether a value may be meant for a schema. */
function suits({ type, struct, element }: ValueSchema, value: unknown): boolean {
  if (type === 'sub-message') return isRecord(value) || isBytes(value);
  if (type === 'nest' || struct !== undefined) return isRecord(value) || (type !== 'nest' && isBytes(value));
  if (type === 'flag') return typeof value === 'boolean';
  if (element !== undefined || type === 'ordered-nest') return Array.isArray(value);
  return !isRecord(value) && !Array.isArray(value) && typeof value !== 'boolean';
}

function formEncoder(encoders: Encoders, set: string, schema: AttributeSchema): PropertyEncoder {
  const { id, multi, type } = schema;
  if (type === 'flag') {
    return (context, value) => {
      if (typeof value !== 'boolean') context.fail(`${show(value)} is not a boolean`);
      if (value) context.writer.closeAttribute(context.writer.openAttribute(id));
    };
  }
  const write = type === 'sub-message' ? subMessageWriter(encoders, set, schema) : attributeWriter(encoders, schema);
  if (multi !== true && type !== 'nest-type-value') return write;
  return (context, value, scope, depth) => {
    eachItem(context, value, (item) => {
      write(context, item, scope, depth);
    });
  };
}

function attributeWriter(encoders: Encoders, schema: AttributeSchema): PropertyEncoder {
  const type = schema.id | (isNested(schema) ? AttributeFlags.Nested : 0);
  let encode: ValueEncoder | undefined;
  return (context, given, scope, depth) => {
    encode ??= encoders.value(schema);
    const { writer } = context;
    const start = writer.openAttribute(type);
    encode(context, given, scope, depth);
    const length = writer.closeAttribute(start);
    if (length > 0xffff) context.fail(`an attribute of ${length} bytes; its length field ends at 65535`);
  };
}

/** Writes what a selector's value chooses; bytes are taken for a kind that nobody knows. */
function subMessageWriter(encoders: Encoders, set: string, schema: AttributeSchema): PropertyEncoder {
  const shape = shapeOf(encoders.index, schema);
  if (shape.kind !== 'sub-message') throw new TypeError(`${schema.name} is no sub-message`);
  const { property, outer, name } = shape.selector;
  const own = encoders.index.set(set).attributes.find((candidate) => candidate.property === property);
  const names = outer === true || own?.enum === undefined ? undefined : encoders.index.enumNames(own.enum);
  const formats = new Map(
    shape.subMessage.formats.map(({ value, fixedHeader, set: inner, content }) => {
      const nested = content === undefined ? fixedHeader === undefined : isNested(content);
      const encode = content === undefined ? encoders.body({ header: fixedHeader, set: inner }) : encoders.value(content);
      return [value, { type: schema.id | (nested ? AttributeFlags.Nested : 0), encode }];
    }),
  );
  return (context, given, scope, depth) => {
    const chosen = outer === true ? outerValue(scope.outer, property) : outerValue({ value: scope.value, outer: undefined }, property);
    const shown = names !== undefined && (typeof chosen === 'number' || typeof chosen === 'bigint') ? names.show(chosen) : chosen;
    const kind = typeof shown === 'string' || typeof shown === 'number' || typeof shown === 'bigint' ? String(shown) : undefined;
    const format = kind === undefined ? undefined : formats.get(kind);
    if (format !== undefined) {
      attribute(context, format.type, () => {
        format.encode(context, given, scope, depth);
      });
    } else if (isBytes(given)) {
      attribute(context, schema.id, () => {
        context.writer.write(given);
      });
    } else if (kind === undefined) context.fail(`it needs '${name}', which chooses what it is made of`);
    else context.fail(`'${kind}' is no ${name} whose contents are known${suggestion(kind, formats.keys(), ': ')}; bytes are taken`);
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
