import { EncodeError } from '../errors/index.js';
import { AttributeFlags } from '../wire/index.js';
import { isBytes } from '../wire/is-bytes.js';
import { type BodySchema, type Scope } from './back-end.js';
import { outerValue } from './decode-primitives.js';
import type { AttributeSchema, ValueSchema } from './descriptor.js';
import { attribute, checkDepth, eachItem, isNested } from './encode-composite.js';
import { type EncodeContext, type ValueEncoder, isRecord, show } from './encode-context.js';
import { type MemberWriter, memberWriters } from './encode-struct.js';
import { type Encoders } from './encoders.js';
import { shapeOf } from './shape.js';
import { suggestion } from './suggestion.js';
import { Unknown, type UnknownAttribute } from './unknown.js';

/** Appends header fields and attributes. @internal */
export type BodyEncoder = ValueEncoder;

/** Appends the attribute, or all the attributes, of one property. */
type PropertyEncoder = (context: EncodeContext, value: unknown, scope: Scope, depth: number) => void;

/** Makes the encoder of a body. @internal */
export function makeBodyEncoder(encoders: Encoders, { header, set, hidden }: BodySchema): BodyEncoder {
  const struct = header === undefined ? undefined : encoders.index.struct(header);
  const members = struct === undefined ? new Map<string, MemberWriter>() : memberWriters(encoders, struct, hidden);
  const properties = new Map<string, PropertyEncoder>();
  if (set !== undefined) {
    for (const schema of encoders.index.set(set).attributes) {
      if (schema.type !== 'pad' && schema.type !== 'unused') properties.set(schema.property, propertyEncoder(encoders, set, schema));
    }
  }
  return (context, value, outer, depth) => {
    checkDepth(context, depth);
    if (!isRecord(value)) return context.fail(`${show(value)} is not an object`);
    if (struct !== undefined) {
      const start = context.writer.reserve((struct.size + 3) & ~3);
      writeHeader(context, start, members, properties, value);
    }
    const scope: Scope = { value, outer };
    for (const name of Object.keys(value)) {
      const given = value[name];
      if (given === undefined) continue;
      const encode = properties.get(name);
      if (encode === undefined && members.has(name)) continue;
      context.path.push(`.${name}`);
      if (encode === undefined) {
        return context.fail(suggestion(name, [...properties.keys(), ...members.keys()]) || `there is no such property`);
      }
      encode(context, given, scope, depth + 1);
      context.path.pop();
    }
    const unknown = (value as { [Unknown]?: unknown })[Unknown];
    if (unknown !== undefined) writeUnknown(context, unknown);
  };
}

/** Writes the header fields. One that shares its name with an attribute gets the attribute's value if that fits, else 0. */
function writeHeader(
  context: EncodeContext,
  start: number,
  members: ReadonlyMap<string, MemberWriter>,
  properties: ReadonlyMap<string, unknown>,
  value: Record<string, unknown>,
): void {
  for (const [property, write] of members) {
    const given = Object.hasOwn(value, property) ? value[property] : undefined;
    if (given === undefined) continue;
    context.path.push(`.${property}`);
    if (properties.has(property)) writeIfFits(context, start, write, given);
    else write(context, start, given);
    context.path.pop();
  }
}

function writeIfFits(context: EncodeContext, start: number, write: MemberWriter, value: unknown): void {
  const depth = context.path.length;
  const { length } = context.writer;
  try {
    write(context, start, value);
  } catch (error) {
    if (!(error instanceof EncodeError)) throw error;
    context.path.length = depth;
    context.writer.length = length;
  }
}

/** Makes the encoder of a property; where it is read otherwise than it is written, it takes a value that was read, too. */
function propertyEncoder(encoders: Encoders, set: string, schema: AttributeSchema): PropertyEncoder {
  const { input, ...read } = schema;
  if (input === undefined) return formEncoder(encoders, set, schema);
  const { id, name, property, multi } = schema;
  const write = formEncoder(encoders, set, { id, name, property, ...(multi === undefined ? {} : { multi }), ...input });
  const writeRead = formEncoder(encoders, set, read);
  return (context, value, scope, depth) => {
    (!suits(input, value) && suits(read, value) ? writeRead : write)(context, value, scope, depth);
  };
}

/** Tells by its sort alone whether a value may be meant for a schema. */
function suits({ type, struct, element }: ValueSchema, value: unknown): boolean {
  if (type === 'nest' || struct !== undefined) return isRecord(value);
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
      return context.fail(`${show(item)} is not an unknown attribute: type, flags, payload`);
    }
    attribute(context, type | (flags & 0xc000), () => {
      context.writer.write(payload);
    });
  });
  context.path.pop();
}
