import { alignLength } from '../../wire/index.js';
import { kindOf } from '../../wire/internal.js';
import { lazy } from '../codec/back-end.js';
import { attributeLength, checkDepth, halfAt, put } from '../codec/decode-primitives.js';
import { isRecord } from '../codec/encode-context.js';
import { attribute, checkDepth as checkWrittenDepth, checkType, typeOf } from '../codec/encode-items.js';
import type { Kind } from '../codec/kind.js';
import { required } from '../codec/schema-names.js';
import { walkElements } from '../codec/walker.js';
import { Unknown } from '../value/unknown.js';

/**
 * Nests inside each other whose attribute types are values themselves, named by `typeValue`, outermost first.
 *
 * The value is an array with one object for each innermost payload, collected over all attributes of the type in the set: the types, then the
 * attributes of an element of type nest, or the value of any other element as `value`.
 *
 * @internal
 */
export const nestTypeValue: Kind = {
  fields: ['type-value'],
  policyTypes: ['nested', 'nested-array'],

  typeText({ typeValue, element }, texts, direction) {
    const keys = typeValue!.map((property) => `readonly ${texts.key(property)}: number`);
    const inner = texts.value(element!, direction);
    const isNest = element!.type === 'nest';
    return texts.array(isNest ? `{ ${keys.join('; ')} } & ${inner}` : `{ ${[...keys, `readonly value: ${inner}`].join('; ')} }`);
  },

  decode(backEnd, value) {
    const names = required(value, 'typeValue');
    const element = required(value, 'element');
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
            const inner = decode()(words, bytes, at + 4, at + length, scope, deep + 1);
            if (inner === undefined) return false;
            const item = {};
            names.forEach((name, index) => put(item, name, types[index]));
            if (isNest) merge(item, inner as object);
            else put(item, 'value', inner);
            list.push(item);
          }
          types.pop();
          at += alignLength(length);
        }
        return true;
      };
      return level(start, end, depth) ? list : undefined;
    };
  },

  /** Makes the encoder of one object: its attribute holds the nests of all levels. */
  encode(encoders, value) {
    const names = required(value, 'typeValue');
    const element = required(value, 'element');
    const encode = encoders.value(element);
    const isNest = element.type === 'nest';
    const isNested = encoders.isNested(element);
    return (context, given, scope, depth) => {
      if (!isRecord(given)) return context.fail(`${kindOf(given)} is not an object`);
      const level = (at: number): void => {
        checkWrittenDepth(context, depth + at);
        const name = names[at];
        if (name === undefined) {
          encode(context, isNest ? without(given, names) : given['value'], scope, depth + at);
          return;
        }
        const type = Object.hasOwn(given, name) ? given[name] : undefined;
        checkType(context, type, `the number '${name}'`);
        attribute(context, typeOf(type, at < names.length - 1 || isNested), () => {
          level(at + 1);
        });
      };
      level(0);
    };
  },

  walk(walker, value, place, scope) {
    walkElements(walker, required(value, 'element'), required(value, 'typeValue').length, place, scope);
  },
  accepts: Array.isArray,
  isNested: () => true,
  isSpread: true,
};

function merge(into: object, from: object): void {
  for (const name of Object.keys(from)) put(into, name, (from as Record<string, unknown>)[name]);
  const unknown = (from as { [Unknown]?: unknown })[Unknown];
  if (unknown !== undefined) Object.assign(into, { [Unknown]: unknown });
}

function without(value: Record<string, unknown>, names: readonly string[]): object {
  const rest: { [Unknown]?: unknown } = Object.fromEntries(Object.entries(value).filter(([name]) => !names.includes(name)));
  const unknown = (value as { [Unknown]?: unknown })[Unknown];
  if (unknown !== undefined) rest[Unknown] = unknown;
  return rest;
}
