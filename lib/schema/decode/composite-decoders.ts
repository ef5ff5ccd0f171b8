import { type BackEnd, type Scope, type ValueDecoder } from './back-end.js';
import { DecodeFault } from './decode-fault.js';
import { attributeLength, checkDepth, halfAt, put, wordAt } from './decode-primitives.js';
import type { StructSchema, ValueSchema } from '../descriptor/descriptor.js';
import { attachIndexes } from '../value/indexes.js';
import { type Shape } from '../descriptor/shape.js';
import { Unknown } from '../value/unknown.js';

/* Decoders of values that are loops over other values. Both back ends use them: what they loop over is the back end's own. */

/** As many structs as fit. @internal */
export function structList(backEnd: BackEnd, struct: StructSchema): ValueDecoder {
  const decode = backEnd.struct(struct.name);
  return (words, bytes, start, end) => {
    const list: object[] = [];
    for (let at = start; at + struct.size <= end; at += struct.size) list.push(decode(words, bytes, at, at + struct.size));
    return list;
  };
}

/** Attributes in an order that counts: each makes an object of its own, as if it were alone; fillers make none. @internal */
export function orderedList(backEnd: BackEnd, set: string): ValueDecoder {
  const decode = backEnd.body({ set });
  return (words, bytes, start, end, scope, depth) => {
    checkDepth(depth, start);
    const list: object[] = [];
    for (let at = start; at < end;) {
      const length = attributeLength(bytes, at, end);
      const item = decode(words, bytes, at, at + length, scope, depth)!;
      if (Object.keys(item).length > 0 || Object.hasOwn(item, Unknown)) list.push(item);
      at += (length + 3) & ~3;
    }
    return list;
  };
}

/** Attributes whose types are indexes. @internal */
export function indexedList(backEnd: BackEnd, element: ValueSchema): ValueDecoder {
  const decode = lazy(() => backEnd.value(element));
  return (words, bytes, start, end, scope, depth) => {
    checkDepth(depth, start);
    const list: unknown[] = [];
    const indexes: number[] = [];
    for (let at = start; at < end;) {
      const length = attributeLength(bytes, at, end);
      const value = decode()(words, bytes, at + 4, at + length, scope, depth + 1);
      if (value === undefined) return undefined;
      list.push(value);
      indexes.push(halfAt(bytes, at + 2) & 0x3fff);
      at += (length + 3) & ~3;
    }
    return attachIndexes(list, indexes);
  };
}

/** Nests whose types are values: a list of what is innermost, each with the types around it. @internal */
export function typeValueList(backEnd: BackEnd, names: readonly string[], element: ValueSchema): ValueDecoder {
  const decode = lazy(() => backEnd.value(element));
  const isNest = element.type === 'nest';
  return (words, bytes, start, end, scope, depth) => {
    const list: object[] = [];
    const types: number[] = [];
    const level = (from: number, to: number, deep: number): boolean => {
      checkDepth(deep, from);
      for (let at = from; at < to;) {
        const length = attributeLength(bytes, at, to);
        types.push(halfAt(bytes, at + 2) & 0x3fff);
        if (types.length < names.length) {
          if (!level(at + 4, at + length, deep + 1)) return false;
        } else {
          const value = decode()(words, bytes, at + 4, at + length, scope, deep + 1);
          if (value === undefined) return false;
          const item = {};
          names.forEach((name, index) => put(item, name, types[index]));
          if (isNest) merge(item, value as object);
          else put(item, 'value', value);
          list.push(item);
        }
        types.pop();
        at += (length + 3) & ~3;
      }
      return true;
    };
    return level(start, end, depth) ? list : undefined;
  };
}

/** Records that count their own length: a struct, then attributes. @internal */
export function recordList(backEnd: BackEnd, shape: Extract<Shape, { kind: 'records' }>): ValueDecoder {
  const { struct, lengthMember, set } = shape;
  const member = struct.members.find(({ name }) => name === lengthMember);
  if (member === undefined) throw new TypeError(`struct ${struct.name} has no member '${lengthMember}'`);
  const readLength = member.size === 2 ? halfAt : wordAt;
  const decode = lazy(() => backEnd.body({ header: struct.name, set, hidden: lengthMember }));
  return (words, bytes, start, end, scope, depth) => {
    const list: object[] = [];
    for (let at = start; at < end;) {
      const left = end - at;
      if (left < struct.size) throw new DecodeFault(`${left} bytes are left, a record takes ${struct.size}`, at);
      const length = readLength(bytes, at + member.offset);
      if (length < struct.size || length > left) throw new DecodeFault(`a record claims ${length} bytes, ${left} are left`, at);
      list.push(decode()(words, bytes, at, at + length, scope, depth)!);
      at += (length + 3) & ~3;
    }
    return list;
  };
}

/** Decodes a sub-message, given its selector's value. @internal */
export type SubMessageDecoder = (
  selector: unknown,
  words: Uint32Array,
  bytes: Uint8Array,
  start: number,
  end: number,
  scope: Scope | undefined,
  depth: number,
) => unknown;

/** What another attribute's value chooses. @internal */
export function subMessage(backEnd: BackEnd, { subMessage: schema }: Extract<Shape, { kind: 'sub-message' }>): SubMessageDecoder {
  const formats = new Map(
    schema.formats.map(({ value, content, fixedHeader, set }) => [
      value,
      lazy(() => (content === undefined ? backEnd.body({ header: fixedHeader, set }) : backEnd.value(content))),
    ]),
  );
  return (selector, words, bytes, start, end, scope, depth) =>
    isPlain(selector) ? formats.get(String(selector))?.()(words, bytes, start, end, scope, depth) : undefined;
}

/** A selector is a text or a number; where the schema makes it anything else it chooses nothing. */
function isPlain(selector: unknown): selector is string | number | bigint {
  return typeof selector === 'string' || typeof selector === 'number' || typeof selector === 'bigint';
}

/** Calls a function when its result is first wanted: sets may hold themselves. @internal */
export function lazy<T>(make: () => T): () => T {
  let made: { readonly value: T } | undefined;
  return () => (made ??= { value: make() }).value;
}

function merge(into: object, from: object): void {
  for (const name of Object.keys(from)) put(into, name, (from as Record<string, unknown>)[name]);
  const unknown = (from as { [Unknown]?: unknown })[Unknown];
  if (unknown !== undefined) Object.assign(into, { [Unknown]: unknown });
}
