import { isBytes } from '../../../wire/internal.js';
import { eachItem } from '../../codec/encode-items.js';
import { integerDecoder } from '../../codec/integer/integer-reader.js';
import { type IntegerShape, integerShape } from '../../codec/integer/integer-shape.js';
import { integerEncoder } from '../../codec/integer/integer-writer.js';
import type { ValueCodec } from '../../codec/kind.js';
import { required, type SchemaNames } from '../../codec/schema-names.js';
import type { ValueFields } from '../../codec/value-fields.js';
import { isInternetHint } from './address.js';

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
