import { alignLength } from '../../wire/index.js';
import { lazy } from '../codec/back-end.js';
import { attributeLength, checkDepth, halfAt } from '../codec/decode-primitives.js';
import { attribute, checkDepth as checkWrittenDepth, checkType, eachItem, typeOf } from '../codec/encode-items.js';
import type { Kind } from '../codec/kind.js';
import { required } from '../codec/schema-names.js';
import { walkElements } from '../codec/walker.js';
import { attachIndexes, Indexes, type WithIndexes } from '../value/indexes.js';

/** A nest whose attribute types are indexes and whose payloads are `element`s: an array, in the order of the wire. @internal */
export const indexedArray: Kind = {
  fields: ['element'],
  policyTypes: ['nested', 'nested-array'],
  typeText: ({ element }, texts, direction) => texts.array(texts.value(element!, direction)),

  decode(backEnd, value) {
    const element = required(value, 'element');
    const decode = lazy(() => backEnd.value(element));
    return (words, bytes, start, end, scope, depth) => {
      checkDepth(depth, start);
      const list: unknown[] = [];
      const indexes: number[] = [];
      for (let at = start; at < end;) {
        const length = attributeLength(bytes, at, end);
        const item = decode()(words, bytes, at + 4, at + length, scope, depth + 1);
        if (item === undefined) return undefined;
        list.push(item);
        indexes.push(halfAt(bytes, at + 2) & 0x3fff);
        at += alignLength(length);
      }
      return attachIndexes(list, indexes);
    };
  },

  encode(encoders, value) {
    const element = required(value, 'element');
    const encode = encoders.value(element);
    const isNested = encoders.isNested(element);
    return (context, given, scope, depth) => {
      checkWrittenDepth(context, depth);
      const indexes = Array.isArray(given) ? (given as WithIndexes)[Indexes] : undefined;
      eachItem(context, given, (item, at) => {
        const index = indexes === undefined ? at + 1 : indexes[at];
        checkType(context, index, 'an index');
        attribute(context, typeOf(index, isNested), () => {
          encode(context, item, scope, depth + 1);
        });
      });
    };
  },

  walk(walker, value, place, scope) {
    walkElements(walker, required(value, 'element'), 1, place, scope);
  },
  accepts: Array.isArray,
  isNested: () => true,
};
