import { type BackEnd, type ValueDecoder } from './back-end.js';
import { indexedList, orderedList, recordList, structList, typeValueList } from './composite-decoders.js';
import {
  address,
  bitfield32,
  detach,
  halfAt,
  socketAddress,
  swapWord,
  swappedHalfAt,
  text,
  unsigned64,
  signed64,
  uuid,
  wordAt,
} from './decode-primitives.js';
import { detachSecret } from '../value/secret.js';
import { type IntegerShape, type Shape } from '../descriptor/shape.js';

/**
 * Makes the decoder of a value out of closures; it takes any offset, aligned or not.
 *
 * @throws TypeError for a sub-message: which one it is, only the set around it knows.
 * @internal
 */
export function closureValue(backEnd: BackEnd, shape: Shape): ValueDecoder {
  switch (shape.kind) {
    case 'integer':
      return closureInteger(shape);
    case 'sized-integer':
      return sizedInteger(shape);
    case 'string':
      return (_words, bytes, start, end) => text(bytes, start, end);
    case 'flag':
      return (_words, _bytes, start, end) => (end === start ? true : undefined);
    case 'bytes':
      return shape.secret
        ? (_words, bytes, start, end) => detachSecret(bytes, start, end)
        : (_words, bytes, start, end) => detach(bytes, start, end);
    case 'uuid':
      return (_words, bytes, start, end) => uuid(bytes, start, end);
    case 'socket-address':
      return (_words, bytes, start, end) => socketAddress(bytes, start, end);
    case 'bitfield32':
      return (_words, bytes, start, end) => bitfield32(bytes, start, end);
    case 'address':
      return (_words, bytes, start, end) => address(bytes, start, end, shape.mac);
    case 'scalar-list':
      return scalarList(shape.element);
    case 'struct':
      return wholeStruct(backEnd, shape);
    case 'struct-list':
      return structList(backEnd, shape.struct);
    case 'nest':
      return backEnd.body({ header: shape.header, set: shape.set });
    case 'ordered-list':
      return orderedList(backEnd, shape.set);
    case 'indexed-list':
      return indexedList(backEnd, shape.element);
    case 'type-value':
      return typeValueList(backEnd, shape.names, shape.element);
    case 'records':
      return recordList(backEnd, shape);
    case 'pad':
    case 'unused':
      return () => undefined;
    case 'sub-message':
      throw new TypeError('a sub-message stands outside of a set');
  }
}

/** A struct: what is longer decodes as far as it is described, what is shorter does not decode. */
function wholeStruct(backEnd: BackEnd, { struct }: Extract<Shape, { kind: 'struct' }>): ValueDecoder {
  const decode = backEnd.struct(struct.name);
  return (words, bytes, start, end) => (end - start < struct.size ? undefined : decode(words, bytes, start, end));
}

/** An integer of 4 or 8 bytes. */
function sizedInteger({ signed, names }: Extract<Shape, { kind: 'sized-integer' }>): ValueDecoder {
  const read = (bytes: Uint8Array, start: number, end: number): bigint | undefined => {
    if (end - start === 8) return (signed ? signed64 : unsigned64)(wordAt(bytes, start), wordAt(bytes, start + 4));
    if (end - start !== 4) return undefined;
    return BigInt(signed ? wordAt(bytes, start) | 0 : wordAt(bytes, start));
  };
  if (names === undefined) return (_words, bytes, start, end) => read(bytes, start, end);
  return (_words, bytes, start, end) => {
    const value = read(bytes, start, end);
    return value === undefined ? undefined : names.show(value);
  };
}

/** Integers side by side, as many as there are; undefined where a piece is left. */
function scalarList(element: IntegerShape): ValueDecoder {
  const { width } = element;
  const decode = closureInteger(element);
  return (words, bytes, start, end) => {
    if ((end - start) % width !== 0) return undefined;
    const list: unknown[] = [];
    for (let at = start; at < end; at += width) list.push(decode(words, bytes, at, at + width, undefined, 0));
    return list;
  };
}

/** An integer of one width. */
function closureInteger({ width, signed, swapped, names }: IntegerShape): ValueDecoder {
  const read = readerOf(width, signed, swapped);
  if (names === undefined) return (_words, bytes, start, end) => (end - start === width ? read(bytes, start) : undefined);
  return (_words, bytes, start, end) => (end - start === width ? names.show(read(bytes, start)) : undefined);
}

function readerOf(width: number, signed: boolean, swapped: boolean): (bytes: Uint8Array, at: number) => number | bigint {
  switch (width) {
    case 1:
      return signed ? (bytes, at) => (bytes[at]! << 24) >> 24 : (bytes, at) => bytes[at]!;
    case 2: {
      const half = swapped ? swappedHalfAt : halfAt;
      return signed ? (bytes, at) => (half(bytes, at) << 16) >> 16 : half;
    }
    case 4: {
      const word = swapped ? (bytes: Uint8Array, at: number) => swapWord(wordAt(bytes, at)) : wordAt;
      return signed ? (bytes, at) => word(bytes, at) | 0 : word;
    }
    default: {
      const join = signed ? signed64 : unsigned64;
      return swapped
        ? (bytes, at) => join(swapWord(wordAt(bytes, at + 4)), swapWord(wordAt(bytes, at)))
        : (bytes, at) => join(wordAt(bytes, at), wordAt(bytes, at + 4));
    }
  }
}
