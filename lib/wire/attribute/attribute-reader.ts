import { DecodeError } from '../../errors/index.js';
import { alignLength } from '../align.js';
import { ATTRIBUTE_HEADER_SIZE, AttributeFlags, NEST_DEPTH_LIMIT } from './attribute-flags.js';
import { hostIsLittleEndian, isLittleEndian, type ByteOrder } from '../byte-order.js';
import { isBytes, kindOf } from '../is-bytes.js';
import { decodeText } from '../text.js';

/** Options of an {@link AttributeReader}. @public */
export interface AttributeReaderOptions {
  /**
   * Byte order of the integers in payloads, also inside nests. Lengths and types are always in the host's order.
   * @defaultValue `'host'`
   */
  readonly byteOrder?: ByteOrder;
  /**
   * The offset of the first attribute, e.g. the size of a family's fixed header.
   * @defaultValue 0
   */
  readonly start?: number;
  /**
   * The offset after the last attribute.
   * @defaultValue the end of the bytes
   */
  readonly end?: number;
  /** The number of nests that contain the attributes. @internal */
  readonly depth?: number;
}

/**
 * A reader of attributes, in their order on the wire.
 *
 * Each iteration starts at the first attribute. It throws at the first attribute whose length is wrong, after it has
 * returned those before. Payloads are decoded only when the caller asks. Offsets in errors count from the start of
 * `bytes`, also inside nests. The last attribute may lack its padding.
 *
 * @example The name of each link
 * ```ts
 * const attributes = new AttributeReader(message.payload, { start: 16 }); // struct ifinfomsg
 * for (const attribute of attributes) if (attribute.type === 3) console.log(attribute.string());
 * ```
 * @public
 */
export class AttributeReader implements Iterable<Attribute> {
  readonly #bytes: Uint8Array;
  readonly #start: number;
  readonly #end: number;
  readonly #littleEndian: boolean;
  readonly #depth: number;

  /**
   * @param bytes - The bytes that contain the attributes, at any offset of their buffer.
   * @throws TypeError if `bytes` is not a Uint8Array; RangeError if `start` and `end` are not a range within it.
   */
  constructor(bytes: Uint8Array, options: AttributeReaderOptions = {}) {
    if (!isBytes(bytes)) throw new TypeError(`AttributeReader: ${kindOf(bytes)} is not a Uint8Array`);
    const { start = 0, end = bytes.length, depth = 0 } = options;
    if (!(start >= 0 && end <= bytes.length && start <= end)) {
      throw new RangeError(`AttributeReader: start ${start} and end ${end} are not a range within ${bytes.length} bytes`);
    }
    this.#bytes = bytes;
    this.#start = start;
    this.#end = end;
    this.#littleEndian = isLittleEndian(options.byteOrder);
    this.#depth = depth;
  }

  /** Iterates the attributes; throws a {@link DecodeError} at the first one whose length is wrong. */
  [Symbol.iterator](): Iterator<Attribute, undefined> {
    return new AttributeIterator(this.#bytes, this.#start, this.#end, this.#littleEndian, this.#depth);
  }

  /**
   * Returns the first attribute of a type.
   *
   * Each call searches from the start: iterate to read several attributes.
   *
   * @param type - The type without flag bits.
   * @throws {@link DecodeError} if the length of an attribute before it is wrong.
   */
  find(type: number): Attribute | undefined {
    for (const attribute of this) if (attribute.type === type) return attribute;
    return undefined;
  }

  /** Counts the attributes. @throws {@link DecodeError} if the length of one is wrong. */
  count(): number {
    let count = 0;
    for (const iterator = this[Symbol.iterator](); iterator.next().done !== true;) count++;
    return count;
  }
}

/**
 * One type-length-value unit of a message (`struct nlattr`), not decoded.
 *
 * The wire does not contain the type of the value: the caller chooses the method. Methods for integers require the exact
 * width. They use the reader's byte order unless the attribute has the network-byte-order flag.
 *
 * ```text
 * 0      2    3            4
 * | length | N B type(14) | payload ... | padding to 4
 * ```
 * @public
 */
export class Attribute {
  /** The type without the two flag bits. */
  readonly type: number;
  /** True if the attribute has the nested flag (`NLA_F_NESTED`); many nests lack it. */
  readonly nested: boolean;
  /** True if the attribute has the network-byte-order flag (`NLA_F_NET_BYTEORDER`); many big-endian attributes lack it. */
  readonly networkByteOrder: boolean;
  readonly #bytes: Uint8Array;
  readonly #start: number;
  readonly #end: number;
  readonly #littleEndian: boolean;
  readonly #depth: number;

  /** @internal made by {@link AttributeReader}, which checks the bounds */
  constructor(bytes: Uint8Array, start: number, end: number, rawType: number, littleEndian: boolean, depth: number) {
    this.type = rawType & AttributeFlags.TypeMask;
    this.nested = (rawType & AttributeFlags.Nested) !== 0;
    this.networkByteOrder = (rawType & AttributeFlags.NetworkByteOrder) !== 0;
    this.#bytes = bytes;
    this.#start = start;
    this.#end = end;
    this.#littleEndian = littleEndian;
    this.#depth = depth;
  }

  /** The offset of the payload in the bytes of the outermost reader. */
  get offset(): number {
    return this.#start;
  }

  /** The length of the payload in bytes, without header and padding. */
  get payloadLength(): number {
    return this.#end - this.#start;
  }

  /** Returns the payload as a new view at each call. To keep it, use the copy that `bytes()` returns. */
  get payload(): Uint8Array {
    return new Uint8Array(this.#bytes.buffer, this.#bytes.byteOffset + this.#start, this.#end - this.#start);
  }

  /** Returns the payload as an unsigned 8-bit integer. @throws {@link DecodeError} unless it has 1 byte. */
  uint8(): number {
    this.#expect(1, 'uint8');
    return this.#bytes[this.#start]!;
  }

  /** Returns the payload as an unsigned 16-bit integer. @throws {@link DecodeError} unless it has 2 bytes. */
  uint16(): number {
    this.#expect(2, 'uint16');
    const first = this.#bytes[this.#start]!;
    const second = this.#bytes[this.#start + 1]!;
    return this.#isLittleEndian() ? first | (second << 8) : (first << 8) | second;
  }

  /** Returns the payload as an unsigned 32-bit integer. @throws {@link DecodeError} unless it has 4 bytes. */
  uint32(): number {
    this.#expect(4, 'uint32');
    return this.#word() >>> 0;
  }

  /** Returns the payload as an unsigned 64-bit integer. @throws {@link DecodeError} unless it has 8 bytes. */
  uint64(): bigint {
    this.#expect(8, 'uint64');
    return this.#view().getBigUint64(0, this.#isLittleEndian());
  }

  /** Returns the payload as a signed 8-bit integer. @throws {@link DecodeError} unless it has 1 byte. */
  int8(): number {
    this.#expect(1, 'int8');
    return (this.#bytes[this.#start]! << 24) >> 24;
  }

  /** Returns the payload as a signed 16-bit integer. @throws {@link DecodeError} unless it has 2 bytes. */
  int16(): number {
    this.#expect(2, 'int16');
    return (this.uint16() << 16) >> 16;
  }

  /** Returns the payload as a signed 32-bit integer. @throws {@link DecodeError} unless it has 4 bytes. */
  int32(): number {
    this.#expect(4, 'int32');
    return this.#word();
  }

  /** Returns the payload as a signed 64-bit integer. @throws {@link DecodeError} unless it has 8 bytes. */
  int64(): bigint {
    this.#expect(8, 'int64');
    return this.#view().getBigInt64(0, this.#isLittleEndian());
  }

  /** Returns the payload as text, without the NULs at its end; invalid UTF-8 becomes U+FFFD. */
  string(): string {
    return decodeText(this.#bytes, this.#start, this.#end);
  }

  /** Returns true, because the presence of a flag is its value. @throws {@link DecodeError} if it has a payload. */
  flag(): true {
    this.#expect(0, 'flag');
    return true;
  }

  /** Returns the payload as a copy. */
  bytes(): Uint8Array {
    return new Uint8Array(this.payload);
  }

  /**
   * Returns a reader of the attributes in the payload, with or without the nested flag.
   *
   * @param byteOrder - Byte order of the integers inside; that of this attribute's reader if omitted.
   * @throws {@link DecodeError} if it is inside 32 nests. Faults inside are reported when the returned reader reaches them.
   */
  attributes(byteOrder?: ByteOrder): AttributeReader {
    if (this.#depth >= NEST_DEPTH_LIMIT) {
      throw new DecodeError(`attribute ${this.type}: expected at most ${NEST_DEPTH_LIMIT} levels of nests`, this.#start);
    }
    return new AttributeReader(this.#bytes, {
      start: this.#start,
      end: this.#end,
      byteOrder: byteOrder ?? (this.#littleEndian ? 'little' : 'big'),
      depth: this.#depth + 1,
    });
  }

  #isLittleEndian(): boolean {
    return this.#littleEndian && !this.networkByteOrder;
  }

  #word(): number {
    const bytes = this.#bytes;
    const start = this.#start;
    return this.#isLittleEndian()
      ? bytes[start]! | (bytes[start + 1]! << 8) | (bytes[start + 2]! << 16) | (bytes[start + 3]! << 24)
      : (bytes[start]! << 24) | (bytes[start + 1]! << 16) | (bytes[start + 2]! << 8) | bytes[start + 3]!;
  }

  #view(): DataView {
    return new DataView(this.#bytes.buffer, this.#bytes.byteOffset + this.#start, 8);
  }

  #expect(length: number, verb: string): void {
    const actual = this.#end - this.#start;
    if (actual !== length) {
      throw new DecodeError(
        `attribute ${this.type}: expected ${length} ${length === 1 ? 'byte' : 'bytes'} for ${verb}, got ${actual}`,
        this.#start,
      );
    }
  }
}

class AttributeIterator implements Iterator<Attribute, undefined> {
  readonly #bytes: Uint8Array;
  #start: number;
  readonly #end: number;
  readonly #littleEndian: boolean;
  readonly #depth: number;

  constructor(bytes: Uint8Array, start: number, end: number, littleEndian: boolean, depth: number) {
    this.#bytes = bytes;
    this.#start = start;
    this.#end = end;
    this.#littleEndian = littleEndian;
    this.#depth = depth;
  }

  next(): IteratorResult<Attribute, undefined> {
    const start = this.#start;
    const left = this.#end - start;
    if (left <= 0) return { done: true, value: undefined };
    if (left < ATTRIBUTE_HEADER_SIZE) throw new DecodeError(`attribute header: expected 4 bytes, got ${left}`, start);
    const length = readHalf(this.#bytes, start);
    if (length < ATTRIBUTE_HEADER_SIZE || length > left) {
      throw new DecodeError(`attribute: expected a length from 4 to ${left}, got ${length}`, start);
    }
    this.#start = start + alignLength(length);
    const rawType = readHalf(this.#bytes, start + 2);
    const payload = start + ATTRIBUTE_HEADER_SIZE;
    return { done: false, value: new Attribute(this.#bytes, payload, start + length, rawType, this.#littleEndian, this.#depth) };
  }
}

function readHalf(bytes: Uint8Array, offset: number): number {
  return hostIsLittleEndian ? bytes[offset]! | (bytes[offset + 1]! << 8) : (bytes[offset]! << 8) | bytes[offset + 1]!;
}
