import { hostIsLittleEndian } from '../byte-order.js';

const BLOCK_SIZE = 1 << 14;
const FIRST_SIZE = 64;
const SMALL = 64;

/** A block of memory that many buffers share. Each buffer has its own range; no byte is assigned twice. */
interface Block {
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly view: DataView;
  /** The offset of the first byte that is not assigned. */
  free: number;
}

let shared: Block | undefined;

function makeBlock(size: number, free: number): Block {
  const bytes = new Uint8Array(size);
  return { bytes, view: new DataView(bytes.buffer), free };
}

/**
 * A buffer that grows while it is written.
 *
 * Without a size it starts with a range of a shared block, because the allocation of a buffer for each request costs more than the
 * writing. With a size it has memory of its own, for many messages one after the other; its positions are then equal to offsets.
 *
 * @internal
 */
export class GrowableBuffer {
  /** The number of bytes written so far; a writer sets it back to remove what it wrote. */
  length = 0;
  /** A view for integers, at positions from {@link GrowableBuffer.append}; another object after the next call. */
  view: DataView;
  /** The bytes of the view; another object after the next call of {@link GrowableBuffer.append}. */
  bytes: Uint8Array;
  #block: Block;
  #start: number;
  #size: number;

  constructor(size?: number) {
    let block = shared;
    if (size !== undefined) {
      block = makeBlock(size, size);
      this.#start = 0;
      this.#size = size;
    } else {
      if (block === undefined || block.free + FIRST_SIZE > BLOCK_SIZE) block = shared = makeBlock(BLOCK_SIZE, 0);
      this.#start = block.free;
      this.#size = FIRST_SIZE;
      block.free += FIRST_SIZE;
    }
    this.#block = block;
    this.view = block.view;
    this.bytes = block.bytes;
  }

  /** Appends uninitialised bytes and returns their position in the view. */
  append(size: number): number {
    const offset = this.length;
    const length = offset + size;
    if (length > this.#size) this.#grow(length);
    this.length = length;
    return this.#start + offset;
  }

  /** Appends zeros and returns their position in the view. */
  reserve(size: number): number {
    const at = this.append(size);
    // For up to 64 bytes a loop costs less than the call of fill().
    if (size > SMALL) this.bytes.fill(0, at, at + size);
    else this.clearFrom(at);
    return at;
  }

  /** Appends zeros behind a part of this length, up to a multiple of 4 bytes. */
  align(length: number): void {
    // Most parts have such a length, and V8 would compile the rest into each caller.
    if ((length & 3) !== 0) this.reserve(-length & 3);
  }

  /** Writes zeros from a position to the end of the appended bytes. */
  clearFrom(at: number): void {
    const { bytes } = this;
    for (const end = this.#start + this.length; at < end; at++) bytes[at] = 0;
  }

  /** Writes an attribute's header except its length, which {@link closeAttribute} writes. Returns the header's offset. */
  openAttribute(type: number): number {
    const start = this.length;
    const at = this.append(4);
    this.view.setUint16(at + 2, type, hostIsLittleEndian);
    return start;
  }

  /** Writes an attribute's length and its padding. Returns the length; if that is above 65,535, it writes nothing, and the caller rejects the message. */
  closeAttribute(start: number): number {
    const length = this.length - start;
    if (length <= 0xffff) {
      this.view.setUint16(this.#start + start, length, hostIsLittleEndian);
      this.align(length);
    }
    return length;
  }

  /** Appends bytes. */
  write(value: Uint8Array): void {
    this.copyIn(value, this.append(value.length));
  }

  copyIn(value: Uint8Array, at: number): void {
    const { bytes } = this;
    const { length } = value;
    // For up to 64 bytes a loop costs less than the call of set().
    if (length > SMALL) bytes.set(value, at);
    else for (let index = 0; index < length; index++) bytes[at + index] = value[index]!;
  }

  /** Returns a copy of the written bytes. */
  copyOut(): Uint8Array<ArrayBuffer> {
    return this.bytes.slice(this.#start, this.#start + this.length);
  }

  #grow(least: number): void {
    const old = this.#block;
    const start = this.#start;
    const size = Math.max(least, 2 * this.#size);
    if (old.free === start + this.#size && start + size <= old.bytes.length) {
      old.free = start + size;
    } else {
      const block = makeBlock(size, size);
      block.bytes.set(old.bytes.subarray(start, start + this.length));
      this.#block = block;
      this.view = block.view;
      this.bytes = block.bytes;
      this.#start = 0;
    }
    this.#size = size;
  }
}
