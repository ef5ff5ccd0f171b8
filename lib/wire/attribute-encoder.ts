import { EncodeError } from '../errors/index.js';
import { alignLength } from './align.js';
import { isBytes, kindOf } from './is-bytes.js';
import { ATTRIBUTE_HEADER_SIZE, ATTRIBUTE_PAYLOAD_LIMIT, AttributeFlags, NEST_DEPTH_LIMIT } from './attribute-flags.js';
import { hostIsLittleEndian, isLittleEndian, type ByteOrder } from './byte-order.js';
import { encodeTextAt } from './text.js';
import { WritingRoom } from './writing-room.js';

/** How to write attributes. @public */
export interface AttributeEncoderOptions {
  /**
   * Order of the integers in payloads; lengths and types are in the host's order always. Nests inherit it.
   * @defaultValue `'host'`
   */
  readonly byteOrder?: ByteOrder;
}

/**
 * Writes a list of attributes.
 *
 * Lengths and padding are filled in. A `type` may carry {@link AttributeFlags}; integers of one that is flagged as being in
 * network byte order are written so. A verb that throws writes nothing.
 *
 * @example A veth pair's first attributes
 * ```ts
 * const payload = new AttributeEncoder()
 *   .string(3, 'veth0')
 *   .nest(18, (info) => info.string(1, 'veth'))
 *   .encode();
 * ```
 * @public
 */
export class AttributeEncoder {
  readonly #littleEndian: boolean;
  /** Types of the nests that are being written, outermost first. */
  readonly #nests: number[] = [];
  readonly #room = new WritingRoom();

  constructor(options: AttributeEncoderOptions = {}) {
    this.#littleEndian = isLittleEndian(options.byteOrder);
  }

  /** Bytes written so far, padding and unfinished nests included. */
  get length(): number {
    return this.#room.length;
  }

  /** Writes an unsigned 8-bit integer. @throws {@link EncodeError} if it is none. */
  uint8(type: number, value: number): this {
    this.#checkInteger(type, value, 0, 0xff);
    const offset = this.#attribute(type, 1);
    this.#room.view.setUint8(offset, value);
    return this;
  }

  /** Writes an unsigned 16-bit integer. @throws {@link EncodeError} if it is none. */
  uint16(type: number, value: number): this {
    this.#checkInteger(type, value, 0, 0xffff);
    const offset = this.#attribute(type, 2);
    this.#room.view.setUint16(offset, value, this.#isLittleEndian(type));
    return this;
  }

  /** Writes an unsigned 32-bit integer. @throws {@link EncodeError} if it is none. */
  uint32(type: number, value: number): this {
    this.#checkInteger(type, value, 0, 0xffff_ffff);
    const offset = this.#attribute(type, 4);
    this.#room.view.setUint32(offset, value, this.#isLittleEndian(type));
    return this;
  }

  /** Writes an unsigned 64-bit integer. @throws {@link EncodeError} if it is none. */
  uint64(type: number, value: bigint): this {
    this.#checkBigint(type, value, 0n, 0xffff_ffff_ffff_ffffn);
    const offset = this.#attribute(type, 8);
    this.#room.view.setBigUint64(offset, value, this.#isLittleEndian(type));
    return this;
  }

  /** Writes a signed 8-bit integer. @throws {@link EncodeError} if it is none. */
  int8(type: number, value: number): this {
    this.#checkInteger(type, value, -0x80, 0x7f);
    const offset = this.#attribute(type, 1);
    this.#room.view.setInt8(offset, value);
    return this;
  }

  /** Writes a signed 16-bit integer. @throws {@link EncodeError} if it is none. */
  int16(type: number, value: number): this {
    this.#checkInteger(type, value, -0x8000, 0x7fff);
    const offset = this.#attribute(type, 2);
    this.#room.view.setInt16(offset, value, this.#isLittleEndian(type));
    return this;
  }

  /** Writes a signed 32-bit integer. @throws {@link EncodeError} if it is none. */
  int32(type: number, value: number): this {
    this.#checkInteger(type, value, -0x8000_0000, 0x7fff_ffff);
    const offset = this.#attribute(type, 4);
    this.#room.view.setInt32(offset, value, this.#isLittleEndian(type));
    return this;
  }

  /** Writes a signed 64-bit integer. @throws {@link EncodeError} if it is none. */
  int64(type: number, value: bigint): this {
    this.#checkBigint(type, value, -0x8000_0000_0000_0000n, 0x7fff_ffff_ffff_ffffn);
    const offset = this.#attribute(type, 8);
    this.#room.view.setBigInt64(offset, value, this.#isLittleEndian(type));
    return this;
  }

  /** Writes text as UTF-8 with one NUL behind it. @throws {@link EncodeError} if it is longer than 65,530 bytes. */
  string(type: number, value: string): this {
    return this.bytes(
      type,
      encodeTextAt(value, () => this.#path(type)),
    );
  }

  /** Writes an attribute without payload; nothing at all where `value` is false. */
  flag(type: number, value = true): this {
    if (typeof value !== 'boolean') throw new EncodeError(`${String(value)} is not true or false`, this.#path(type));
    if (value) this.#attribute(type, 0);
    return this;
  }

  /** Writes a copy of some bytes. @throws {@link EncodeError} if there are more than 65,531. */
  bytes(type: number, value: Uint8Array): this {
    if (!isBytes(value)) throw new EncodeError(`${kindOf(value)} is not a Uint8Array`, this.#path(type));
    const offset = this.#attribute(type, value.length);
    this.#room.copyIn(value, offset);
    return this;
  }

  /**
   * Writes attributes inside an attribute, and flags it as a nest.
   *
   * @param type - The nest's type.
   * @param fill - Writes what is inside, on this same encoder; what it throws passes through, and the nest is not written.
   * @throws {@link EncodeError} if the nest is longer than 65,535 bytes or lies below 32 others.
   */
  nest(type: number, fill: (encoder: this) => unknown): this {
    if (this.#nests.length >= NEST_DEPTH_LIMIT)
      throw new EncodeError(`expected at most ${NEST_DEPTH_LIMIT} levels of nests`, this.#path(type));
    const room = this.#room;
    const start = room.length;
    this.#attribute(type | AttributeFlags.Nested, 0);
    this.#nests.push(type);
    let complete = false;
    try {
      fill(this);
      const length = room.length - start;
      if (length > 0xffff) throw new EncodeError(`expected at most 65535 bytes for a nest, got ${length}`, this.#path());
      room.view.setUint16(room.at(start), length, hostIsLittleEndian);
      complete = true;
    } finally {
      this.#nests.pop();
      if (!complete) room.length = start;
    }
    return this;
  }

  /**
   * Returns what was written, in memory of its own; the encoder may go on.
   *
   * @throws TypeError inside `nest()`, whose length is not known yet.
   */
  encode(): Uint8Array<ArrayBuffer> {
    if (this.#nests.length > 0) throw new TypeError('encode(): a nest is not complete; call encode() after nest() has returned');
    return this.#room.copyOut();
  }

  /** Writes a header, makes room, zeroes the padding. Returns where the payload goes. */
  #attribute(type: number, payloadLength: number): number {
    if (type !== (type & 0xffff)) throw new EncodeError(`attribute type ${type} is not a 16-bit number`, this.#path());
    if (payloadLength > ATTRIBUTE_PAYLOAD_LIMIT) {
      throw new EncodeError(`expected at most ${ATTRIBUTE_PAYLOAD_LIMIT} bytes of payload, got ${payloadLength}`, this.#path(type));
    }
    const length = ATTRIBUTE_HEADER_SIZE + payloadLength;
    const start = this.#room.append(alignLength(length));
    const { view } = this.#room;
    view.setUint16(start, length, hostIsLittleEndian);
    view.setUint16(start + 2, type, hostIsLittleEndian);
    this.#room.clearFrom(start + length);
    return start + ATTRIBUTE_HEADER_SIZE;
  }

  #isLittleEndian(type: number): boolean {
    return this.#littleEndian && (type & AttributeFlags.NetworkByteOrder) === 0;
  }

  #checkInteger(type: number, value: number, minimum: number, maximum: number): void {
    if (!Number.isInteger(value) || value < minimum || value > maximum) this.#refuse(type, value, minimum, maximum);
  }

  #checkBigint(type: number, value: bigint, minimum: bigint, maximum: bigint): void {
    if (typeof value !== 'bigint' || value < minimum || value > maximum) this.#refuse(type, value, minimum, maximum);
  }

  #refuse(type: number, value: unknown, minimum: number | bigint, maximum: number | bigint): never {
    const kind = typeof minimum === 'bigint' ? 'a bigint' : 'an integer';
    throw new EncodeError(`${String(value)} is not ${kind} from ${minimum} to ${maximum}`, this.#path(type));
  }

  /** The place by numbers, as `.18.2`. */
  #path(type?: number): string {
    const types = type === undefined ? this.#nests : [...this.#nests, type];
    return types.map((part) => `.${part & AttributeFlags.TypeMask}`).join('');
  }
}
