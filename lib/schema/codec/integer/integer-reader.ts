import type { ValueDecoder } from '../back-end.js';
import { halfAt, signed64, swapWord, swappedHalfAt, unsigned64, wordAt } from '../decode-primitives.js';
import type { IntegerShape } from './integer-shape.js';

/** Makes the decoder of an integer; undefined if the bytes have another width. @internal */
export function integerDecoder(shape: IntegerShape): ValueDecoder {
  const { width } = shape;
  const read = integerReader(shape);
  return (_words, bytes, start, end) => (end - start === width ? read(bytes, start) : undefined);
}

/** Makes the function that reads an integer at an offset. @internal */
export function integerReader({ width, signed, swapped, names }: IntegerShape): (bytes: Uint8Array, at: number) => unknown {
  const read = readerOf(width, signed, swapped);
  return names === undefined ? read : (bytes, at) => names.show(read(bytes, at));
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
