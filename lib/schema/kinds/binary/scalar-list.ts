import { isBytes } from '../../../wire/internal.js';
import type { ValueDecoder } from '../../codec/back-end.js';
import { signed64, unsigned64, wordAt } from '../../codec/decode-primitives.js';
import { eachItem } from '../../codec/encode-items.js';
import { integerReader } from '../../codec/integer/integer-reader.js';
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

/** Decodes an array of words. An array with its size has room for its items only; one that grows has room for 17, then for 41. */
const wordList: ValueDecoder = (words, bytes, start, end) => {
  if ((end - start) % 4 !== 0) return undefined;
  const list = new Array<unknown>((end - start) >> 2);
  const first = start >> 2;
  if ((start & 3) === 0) for (let index = 0; index < list.length; index++) list[index] = words[first + index];
  else for (let index = 0; index < list.length; index++) list[index] = wordAt(bytes, start + 4 * index);
  return list;
};

/** Makes the decoder of an array of 64-bit integers in the host's order. */
function longList(join: (first: number, second: number) => bigint): ValueDecoder {
  return (words, bytes, start, end) => {
    if ((end - start) % 8 !== 0) return undefined;
    const list = new Array<unknown>((end - start) >> 3);
    const first = start >> 2;
    if ((start & 3) === 0)
      for (let index = 0; index < list.length; index++) list[index] = join(words[first + 2 * index]!, words[first + 2 * index + 1]!);
    else
      for (let index = 0; index < list.length; index++)
        list[index] = join(wordAt(bytes, start + 8 * index), wordAt(bytes, start + 8 * index + 4));
    return list;
  };
}

/** An array of integers without anything between them; their bytes are accepted as well. @internal */
export const scalarList: ValueCodec = {
  decode({ names }, value) {
    const element = elementOf(names, value);
    const { width, signed, swapped } = element;
    if (width === 4 && !signed && !swapped && element.names === undefined) return wordList;
    if (width === 8 && !swapped && element.names === undefined) return longList(signed ? signed64 : unsigned64);
    const read = integerReader(element);
    return (_words, bytes, start, end) => {
      if ((end - start) % width !== 0) return undefined;
      const list = new Array<unknown>((end - start) / width);
      for (let index = 0, at = start; at < end; index++, at += width) list[index] = read(bytes, at);
      return list;
    };
  },

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
