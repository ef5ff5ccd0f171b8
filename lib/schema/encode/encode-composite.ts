import { AttributeFlags, hostIsLittleEndian, NEST_DEPTH_LIMIT } from '../../wire/index.js';
import { isBytes } from '../../wire/internal.js';
import type { ValueSchema } from '../descriptor/descriptor.js';
import { type EncodeContext, type ValueEncoder, isRecord, kindOf, show } from './encode-context.js';
import { type Encoders } from './encoders.js';
import { Indexes, type WithIndexes } from '../value/indexes.js';
import { type Shape } from '../descriptor/shape.js';
import { Unknown } from '../value/unknown.js';

/* Encoders of values that are lists of other values. */

/** Structs one behind the other. @internal */
export function structListEncoder(encode: ValueEncoder): ValueEncoder {
  return (context, value, scope, depth) => {
    eachItem(context, value, (item) => {
      encode(context, item, scope, depth);
    });
  };
}

/** Integers side by side; their bytes are taken, too. @internal */
export function scalarListEncoder(encode: ValueEncoder): ValueEncoder {
  return (context, value, scope, depth) => {
    if (isBytes(value)) context.writer.write(value);
    else {
      eachItem(context, value, (item) => {
        encode(context, item, scope, depth);
      });
    }
  };
}

/** Attributes in the order of a list whose items have one property each. @internal */
export function orderedListEncoder(encoders: Encoders, set: string): ValueEncoder {
  const encode = encoders.body({ set });
  return (context, value, scope, depth) => {
    checkDepth(context, depth);
    eachItem(context, value, (item) => {
      if (!isRecord(item)) return context.fail(`${kindOf(item)} is not an object`);
      const names = propertiesIn(item);
      if (names.length !== 1) context.fail(`it takes exactly one property, it has ${names.length === 0 ? 'none' : names.join(', ')}`);
      const { length } = context.writer;
      encode(context, item, scope, depth);
      if (context.writer.length === length) context.fail(`'${names.join()}' writes nothing`);
    });
  };
}

/** Attributes whose types are indexes: those under {@link Indexes}, else 1, 2, 3... @internal */
export function indexedListEncoder(encoders: Encoders, element: ValueSchema): ValueEncoder {
  const encode = encoders.value(element);
  const flags = isNested(element) ? AttributeFlags.Nested : 0;
  return (context, value, scope, depth) => {
    checkDepth(context, depth);
    const indexes = Array.isArray(value) ? (value as WithIndexes)[Indexes] : undefined;
    eachItem(context, value, (item, at) => {
      const index = indexes === undefined ? at + 1 : indexes[at];
      checkType(context, index, 'an index');
      attribute(context, index | flags, () => {
        encode(context, item, scope, depth + 1);
      });
    });
  };
}

/** One object of a nest-type-value: nests whose types are some of its properties. @internal */
export function typeValueEncoder(encoders: Encoders, names: readonly string[], element: ValueSchema): ValueEncoder {
  const encode = encoders.value(element);
  const isNest = element.type === 'nest';
  return (context, value, scope, depth) => {
    if (!isRecord(value)) return context.fail(`${kindOf(value)} is not an object`);
    const level = (at: number): void => {
      checkDepth(context, depth + at);
      const name = names[at];
      if (name === undefined) {
        encode(context, isNest ? without(value, names) : value['value'], scope, depth + at);
        return;
      }
      const type = Object.hasOwn(value, name) ? value[name] : undefined;
      checkType(context, type, `the number '${name}'`);
      attribute(context, type | (at < names.length - 1 || isNested(element) ? AttributeFlags.Nested : 0), () => {
        level(at + 1);
      });
    };
    level(0);
  };
}

/** Records that count their own length. @internal */
export function recordListEncoder(encoders: Encoders, shape: Extract<Shape, { kind: 'records' }>): ValueEncoder {
  const { struct, lengthMember, set } = shape;
  const member = struct.members.find(({ name }) => name === lengthMember);
  if (member === undefined) throw new TypeError(`struct ${struct.name} has no member '${lengthMember}'`);
  const encode = encoders.body({ header: struct.name, set, hidden: lengthMember });
  return (context, value, scope, depth) => {
    const { writer } = context;
    eachItem(context, value, (item) => {
      const start = writer.length;
      encode(context, item, scope, depth);
      const length = writer.length - start;
      if (length > 0xffff) context.fail(`a record of ${length} bytes; its length field ends at 65535`);
      if (member.size === 2) writer.view.setUint16(start + member.offset, length, hostIsLittleEndian);
      else writer.view.setUint32(start + member.offset, length, hostIsLittleEndian);
    });
  };
}

const NESTED_LISTS: readonly string[] = ['ordered-nest', 'indexed-array', 'nest-type-value'];

/** Tells whether a value is written with the flag NESTED: it is nothing but attributes. @internal */
export function isNested({ type, struct }: ValueSchema): boolean {
  return (type === 'nest' && struct === undefined) || NESTED_LISTS.includes(type);
}

/** Writes an attribute around what a function writes. @internal */
export function attribute(context: EncodeContext, type: number, fill: () => void): void {
  const { writer } = context;
  const start = writer.openAttribute(type);
  fill();
  const length = writer.closeAttribute(start);
  if (length > 0xffff) context.fail(`an attribute of ${length} bytes; its length field ends at 65535`);
}

/** Refuses nests that lie too deep in each other; an object that holds itself is one. @internal */
export function checkDepth(context: EncodeContext, depth: number): void {
  if (depth > NEST_DEPTH_LIMIT) context.fail(`expected at most ${NEST_DEPTH_LIMIT} levels of nests`);
}

/** Calls a function for each item of an array, with the item's place in the path. @internal */
export function eachItem(context: EncodeContext, value: unknown, write: (item: unknown, at: number) => void): void {
  if (!Array.isArray(value)) return context.fail(`${kindOf(value)} is not an array`);
  for (const [at, item] of (value as unknown[]).entries()) {
    context.path.push(`[${at}]`);
    write(item, at);
    context.path.pop();
  }
}

/** What an item sets, with a word for each attribute that the schema does not know. */
function propertiesIn(item: Record<string, unknown>): string[] {
  const unknown = (item as { [Unknown]?: unknown })[Unknown];
  const unknowns = Array.isArray(unknown) ? unknown.map(() => '[unknown]') : unknown === undefined ? [] : ['[unknown]'];
  return [...Object.keys(item).filter((name) => item[name] !== undefined), ...unknowns];
}

function checkType(context: EncodeContext, type: unknown, what: string): asserts type is number {
  if (typeof type !== 'number' || type !== (type & AttributeFlags.TypeMask)) context.fail(`${show(type)} is not ${what} from 0 to 16383`);
}

function without(value: Record<string, unknown>, names: readonly string[]): object {
  const rest: { [Unknown]?: unknown } = Object.fromEntries(Object.entries(value).filter(([name]) => !names.includes(name)));
  const unknown = (value as { [Unknown]?: unknown })[Unknown];
  if (unknown !== undefined) rest[Unknown] = unknown;
  return rest;
}
