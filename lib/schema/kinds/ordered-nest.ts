import { alignLength } from '../../wire/index.js';
import { kindOf } from '../../wire/internal.js';
import { attributeLength, checkDepth } from '../codec/decode-primitives.js';
import { isRecord } from '../codec/encode-context.js';
import { checkDepth as checkWrittenDepth, eachItem } from '../codec/encode-items.js';
import type { Kind } from '../codec/kind.js';
import { required } from '../codec/schema-names.js';
import { Unknown } from '../value/unknown.js';

/**
 * A nest in which attributes may repeat and whose order has a meaning (the actions of a flow).
 *
 * The value is an array of objects with one property each, in the order of the wire. Padding makes no object.
 *
 * @internal
 */
export const orderedNest: Kind = {
  fields: ['set'],
  policyTypes: ['nested'],
  typeText: ({ set }, texts, direction) => texts.array(texts.set(set!, direction)),

  decode(backEnd, value) {
    const decode = backEnd.body({ set: required(value, 'set') });
    return (words, bytes, start, end, scope, depth) => {
      checkDepth(depth, start);
      const list: object[] = [];
      for (let at = start; at < end;) {
        const length = attributeLength(bytes, at, end);
        const item = decode(words, bytes, at, at + length, scope, depth)!;
        if (Object.keys(item).length > 0 || Object.hasOwn(item, Unknown)) list.push(item);
        at += alignLength(length);
      }
      return list;
    };
  },

  encode(encoders, value) {
    const encode = encoders.body({ set: required(value, 'set') });
    return (context, given, scope, depth) => {
      checkWrittenDepth(context, depth);
      eachItem(context, given, (item) => {
        if (!isRecord(item)) return context.fail(`${kindOf(item)} is not an object`);
        const names = propertiesIn(item);
        if (names.length !== 1) context.fail(`expected one property, got ${names.length === 0 ? 'none' : names.join(', ')}`);
        const { length } = context.writer;
        encode(context, item, scope, depth);
        if (context.writer.length === length) context.fail(`'${names.join()}' encodes to no attribute`);
      });
    };
  },

  walk(walker, value, place, scope) {
    const set = required(value, 'set');
    let number = 0;
    walker.each(place, (at, end, type) => {
      const path = `${place.path}[${number}]`;
      walker.set(set, { ...place, start: at, end, path }, scope);
      if (!walker.isFiller(set, type)) number++;
    });
  },
  accepts: Array.isArray,
  isNested: () => true,
};

/** Returns the names of an item's properties, and a word for each attribute that the schema does not know. */
function propertiesIn(item: Record<string, unknown>): string[] {
  const unknown = (item as { [Unknown]?: unknown })[Unknown];
  const unknowns = Array.isArray(unknown) ? unknown.map(() => '[unknown]') : unknown === undefined ? [] : ['[unknown]'];
  return [...Object.keys(item).filter((name) => item[name] !== undefined), ...unknowns];
}
