import { hostIsLittleEndian } from './byte-order.js';

/**
 * Bytes with a view of their 32-bit words beside them: message headers are read by the word.
 *
 * All datagrams of one wake-up share one frame, so that a message is an offset into it and nothing is copied.
 *
 * @internal
 */
export class Frame {
  /** All of them. */
  readonly bytes: Uint8Array;
  /** The same memory by the word, in host order. */
  readonly words: Uint32Array;

  /** @param bytes - Must start on a 4-byte boundary of its buffer; {@link Frame.of} sees to that. */
  constructor(bytes: Uint8Array) {
    this.bytes = bytes;
    this.words = new Uint32Array(bytes.buffer, bytes.byteOffset, bytes.byteLength >> 2);
  }

  /** A frame over any bytes; those that lie at an odd address are copied first (not by `slice()`: a Buffer's is a view). */
  static of(bytes: Uint8Array): Frame {
    return new Frame((bytes.byteOffset & 3) === 0 ? bytes : new Uint8Array(bytes));
  }
}

/** Reads the 16-bit half that lies first in a word of memory. @internal */
export const lowHalf: (word: number) => number = hostIsLittleEndian ? (word) => word & 0xffff : (word) => word >>> 16;

/** Reads the 16-bit half that lies second in a word of memory. @internal */
export const highHalf: (word: number) => number = hostIsLittleEndian ? (word) => word >>> 16 : (word) => word & 0xffff;
