import { hostIsLittleEndian } from '../byte-order.js';

/**
 * Bytes with a second view as 32-bit words, by which message headers are read.
 *
 * All datagrams of one wake-up share one frame, so that a message is an offset into it and nothing is copied.
 *
 * @internal
 */
export class Frame {
  /** The bytes; not of a subclass, such as Buffer, whose `slice` returns a view. */
  readonly bytes: Uint8Array;
  /** The same memory as 32-bit words in host order. */
  readonly words: Uint32Array;

  /** @param bytes - Must start on a 4-byte boundary of its buffer, see {@link Frame.of}. */
  constructor(bytes: Uint8Array) {
    this.bytes = bytes;
    this.words = new Uint32Array(bytes.buffer, bytes.byteOffset, bytes.length >> 2);
  }

  /** True after a program has transferred the memory of a message to another thread: the other messages are lost with it. */
  get isDetached(): boolean {
    return this.bytes.length === 0;
  }

  /** Creates a frame for any bytes. Unaligned bytes are copied first; bytes of a subclass get a plain view. */
  static of(bytes: Uint8Array): Frame {
    if ((bytes.byteOffset & 3) !== 0) return new Frame(new Uint8Array(bytes));
    return new Frame(bytes.constructor === Uint8Array ? bytes : new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.length));
  }
}

/** Returns the half of a word that is first in memory. @internal */
export const lowHalf: (word: number) => number = hostIsLittleEndian ? (word) => word & 0xffff : (word) => word >>> 16;

/** Returns the word of two halves, the first in memory first. @internal */
export const joinHalves: (first: number, second: number) => number = hostIsLittleEndian
  ? (first, second) => first | (second << 16)
  : (first, second) => (first << 16) | second;

/** Returns the half of a word that is second in memory. @internal */
export const highHalf: (word: number) => number = hostIsLittleEndian ? (word) => word >>> 16 : (word) => word & 0xffff;
