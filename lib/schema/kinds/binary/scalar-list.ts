import { isBytes } from '../../../wire/internal.js';
import { eachItem } from '../../codec/encode-items.js';
import { integerDecoder } from '../../codec/integer/integer-reader.js';
import { type IntegerShape, integerShape } from '../../codec/integer/integer-shape.js';
import { memberIntegerSource } from '../../codec/integer/integer-source.js';
import { integerEncoder } from '../../codec/integer/integer-writer.js';
import type { ValueCodec } from '../../codec/kind.js';
import { required, type SchemaNames } from '../../codec/schema-names.js';
import { integer } from '../../codec/source-text.js';
import type { ValueFields } from '../../codec/value-fields.js';
import { isInternetHint } from './address.js';

/** The number of items up to which generated source contains a literal. */
const MOST_LITERAL = 16;

/** An array of integers without anything between them; their bytes are accepted as well. @internal */
export const scalarList: ValueCodec = {
  decode({ names }, value) {
    const element = elementOf(names, value);
    const { width } = element;
    const decode = integerDecoder(element);
    return (words, bytes, start, end) => {
      if ((end - start) % width !== 0) return undefined;
      const list: unknown[] = [];
      for (let at = start; at < end; at += width) list.push(decode(words, bytes, at, at + width, undefined, 0));
      return list;
    };
  },

  // A literal has room for its items only; an array that grows has room for 17.
  memberSource(text, names, value, place) {
    const element = elementOf(names, value);
    const { width } = element;
    const count = (place.size ?? 0) / width;
    if (count < 1 || count > MOST_LITERAL || !Number.isInteger(count)) return undefined;
    const items = Array.from({ length: count }, (_, index) => {
      const offset = place.offset + index * width;
      return memberIntegerSource(text, element, { ...place, byte: `start + ${integer(offset)}`, offset, size: width });
    });
    return `[${items.join(', ')}]`;
  },

  encode({ names }, value) {
    const encode = integerEncoder(elementOf(names, value), value.element?.checks);
    return (context, given, scope, depth) => {
      if (isBytes(given)) context.writer.write(given);
      else {
        eachItem(context, given, (item) => {
          encode(context, item, scope, depth);
        });
      }
    };
  },
  accepts: Array.isArray,
};

function elementOf(names: SchemaNames, value: ValueFields): IntegerShape {
  const element = required(value, 'element');
  const shape = isInternetHint(element) ? undefined : integerShape(names, element);
  if (shape === undefined)
    throw new TypeError(`schema: '${element.type}' is not a type of elements in a binary; expected an integer of fixed width`);
  return shape;
}
