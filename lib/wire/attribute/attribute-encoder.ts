import { EncodeError } from '../../errors/index.js';
import { alignLength } from '../align.js';
import { isBytes, kindOf } from '../is-bytes.js';
import { ATTRIBUTE_HEADER_SIZE, ATTRIBUTE_PAYLOAD_LIMIT, AttributeFlags, NEST_DEPTH_LIMIT } from './attribute-flags.js';
import { hostIsLittleEndian, isLittleEndian, type ByteOrder } from '../byte-order.js';
import { encodeTextAt } from '../text.js';
import { GrowableBuffer } from './growable-buffer.js';

/** Options of an {@link AttributeEncoder}. @public */
export interface AttributeEncoderOptions {
  /**
   * Byte order of the integers in payloads, also inside nests. Lengths and types are always in the host's order.
   * @defaultValue `'host'`
   */
  readonly byteOrder?: ByteOrder;
  /** The bytes before the attributes, e.g. a `struct rtmsg`: {@link AttributeEncoder.encode} returns them, padded to 4 bytes, with the attributes behind them. */
  readonly header?: Uint8Array;
}

/**
 * An encoder of attributes.
 *
 * It fills in lengths and padding. A `type` may contain {@link AttributeFlags}; with the network-byte-order flag, integers
 * are written as big-endian. A method that throws writes nothing.
 *
 * @example The first attributes of a veth pair
 * ```ts
 * const payload = new AttributeEncoder({ header: new Uint8Array(16) }) // struct ifinfomsg
 *   .string(3, 'veth0')
 *   .nest(18, (info) => info.string(1, 'veth'))
 *   .encode();
 * ```
 * @public
 */
export class AttributeEncoder {
  readonly #littleEndian: boolean;
  /** The types of the open nests, outermost first. */
  readonly #nests: number[] = [];
  readonly #buffer = new GrowableBuffer();

  constructor(options: AttributeEncoderOptions = {}) {
    const { header } = options;
    this.#littleEndian = isLittleEndian(options.byteOrder);
    if (header === undefined) return;
    if (!isBytes(header)) throw new EncodeError(`header: ${kindOf(header)} is not a Uint8Array`, '');
    this.#buffer.write(header);
    this.#buffer.align(header.length);
  }

  /** The number of bytes written so far, including the header, padding and open nests. */
  get length(): number {
    return this.#buffer.length;
  }

  /** Writes an unsigned 8-bit integer. @throws {@link EncodeError} if the value is not one. */
  uint8(type: number, value: number): this {
    this.#checkInteger(type, value, 0, 0xff);
    const offset = this.#attribute(type, 1);
    this.#buffer.view.setUint8(offset, value);
    return this;
  }

  /** Writes an unsigned 16-bit integer. @throws {@link EncodeError} if the value is not one. */
  uint16(type: number, value: number): this {
    this.#checkInteger(type, value, 0, 0xffff);
    const offset = this.#attribute(type, 2);
    this.#buffer.view.setUint16(offset, value, this.#isLittleEndian(type));
    return this;
  }

  /** Writes an unsigned 32-bit integer. @throws {@link EncodeError} if the value is not one. */
  uint32(type: number, value: number): this {
    this.#checkInteger(type, value, 0, 0xffff_ffff);
    const offset = this.#attribute(type, 4);
    this.#buffer.view.setUint32(offset, value, this.#isLittleEndian(type));
    return this;
  }

  /** Writes an unsigned 64-bit integer. @throws {@link EncodeError} if the value is not one. */
  uint64(type: number, value: bigint): this {
    this.#checkBigint(type, value, 0n, 0xffff_ffff_ffff_ffffn);
    const offset = this.#attribute(type, 8);
    this.#buffer.view.setBigUint64(offset, value, this.#isLittleEndian(type));
    return this;
  }

  /** Writes a signed 8-bit integer. @throws {@link EncodeError} if the value is not one. */
  int8(type: number, value: number): this {
    this.#checkInteger(type, value, -0x80, 0x7f);
    const offset = this.#attribute(type, 1);
    this.#buffer.view.setInt8(offset, value);
    return this;
  }

  /** Writes a signed 16-bit integer. @throws {@link EncodeError} if the value is not one. */
  int16(type: number, value: number): this {
    this.#checkInteger(type, value, -0x8000, 0x7fff);
    const offset = this.#attribute(type, 2);
    this.#buffer.view.setInt16(offset, value, this.#isLittleEndian(type));
    return this;
  }

  /** Writes a signed 32-bit integer. @throws {@link EncodeError} if the value is not one. */
  int32(type: number, value: number): this {
    this.#checkInteger(type, value, -0x8000_0000, 0x7fff_ffff);
    const offset = this.#attribute(type, 4);
    this.#buffer.view.setInt32(offset, value, this.#isLittleEndian(type));
    return this;
  }

  /** Writes a signed 64-bit integer. @throws {@link EncodeError} if the value is not one. */
  int64(type: number, value: bigint): this {
    this.#checkBigint(type, value, -0x8000_0000_0000_0000n, 0x7fff_ffff_ffff_ffffn);
    const offset = this.#attribute(type, 8);
    this.#buffer.view.setBigInt64(offset, value, this.#isLittleEndian(type));
    return this;
  }

  /** Writes text as UTF-8, terminated by one NUL. @throws {@link EncodeError} if it is longer than 65,530 bytes. */
  string(type: number, value: string): this {
    return this.bytes(
      type,
      encodeTextAt(value, () => this.#path(type)),
    );
  }

  /** Writes an attribute without payload; writes nothing if `value` is false. */
  flag(type: number, value = true): this {
    if (typeof value !== 'boolean') throw new EncodeError(`${String(value)} is not true or false`, this.#path(type));
    if (value) this.#attribute(type, 0);
    return this;
  }

  /** Writes a copy of the bytes. @throws {@link EncodeError} if there are more than 65,531. */
  bytes(type: number, value: Uint8Array): this {
    if (!isBytes(value)) throw new EncodeError(`${kindOf(value)} is not a Uint8Array`, this.#path(type));
    const offset = this.#attribute(type, value.length);
    this.#buffer.copyIn(value, offset);
    return this;
  }

  /**
   * Writes a nest: an attribute that contains attributes, with the nested flag.
   *
   * @param type - The type of the nest.
   * @param fill - Writes the contents on this same encoder. If it throws, the nest is not written and the error is rethrown.
   * @throws {@link EncodeError} if the nest is longer than 65,535 bytes or is inside 32 others.
   */
  nest(type: number, fill: (encoder: this) => unknown): this {
    if (this.#nests.length >= NEST_DEPTH_LIMIT)
      throw new EncodeError(`expected at most ${NEST_DEPTH_LIMIT} levels of nests`, this.#path(type));
    const buffer = this.#buffer;
    const start = buffer.length;
    this.#attribute(type | AttributeFlags.Nested, 0);
    this.#nests.push(type);
    let complete = false;
    try {
      fill(this);
      const length = buffer.closeAttribute(start);
      if (length > 0xffff) throw new EncodeError(`expected at most 65535 bytes for a nest, got ${length}`, this.#path());
      complete = true;
    } finally {
      this.#nests.pop();
      if (!complete) buffer.length = start;
    }
    return this;
  }

  /**
   * Returns a copy of the header and of the attributes written so far; the encoder can continue.
   *
   * @throws TypeError inside `nest()`, because the length of the nest is not known yet.
   */
  encode(): Uint8Array<ArrayBuffer> {
    if (this.#nests.length > 0) throw new TypeError('encode(): a nest is not complete; call encode() after nest() has returned');
    return this.#buffer.copyOut();
  }

  /** Writes a header, reserves the payload and zeroes the padding. Returns the position of the payload. */
  #attribute(type: number, payloadLength: number): number {
    if (type !== (type & 0xffff)) throw new EncodeError(`attribute type ${type} is not a 16-bit number`, this.#path());
    if (payloadLength > ATTRIBUTE_PAYLOAD_LIMIT) {
      throw new EncodeError(`expected at most ${ATTRIBUTE_PAYLOAD_LIMIT} bytes of payload, got ${payloadLength}`, this.#path(type));
    }
    const length = ATTRIBUTE_HEADER_SIZE + payloadLength;
    const start = this.#buffer.append(alignLength(length));
    const { view } = this.#buffer;
    view.setUint16(start, length, hostIsLittleEndian);
    view.setUint16(start + 2, type, hostIsLittleEndian);
    this.#buffer.clearFrom(start + length);
    return start + ATTRIBUTE_HEADER_SIZE;
  }

  #isLittleEndian(type: number): boolean {
    return this.#littleEndian && (type & AttributeFlags.NetworkByteOrder) === 0;
  }

  #checkInteger(type: number, value: number, minimum: number, maximum: number): void {
    if (!Number.isInteger(value) || value < minimum || value > maximum) this.#failInteger(type, value, minimum, maximum);
  }

  #checkBigint(type: number, value: bigint, minimum: bigint, maximum: bigint): void {
    if (typeof value !== 'bigint' || value < minimum || value > maximum) this.#failInteger(type, value, minimum, maximum);
  }

  #failInteger(type: number, value: unknown, minimum: number | bigint, maximum: number | bigint): never {
    const kind = typeof minimum === 'bigint' ? 'a bigint' : 'an integer';
    throw new EncodeError(`${String(value)} is not ${kind} from ${minimum} to ${maximum}`, this.#path(type));
  }

  /** Returns the path by numbers, e.g. `.18.2`. */
  #path(type?: number): string {
    const types = type === undefined ? this.#nests : [...this.#nests, type];
    return types.map((part) => `.${part & AttributeFlags.TypeMask}`).join('');
  }
}
