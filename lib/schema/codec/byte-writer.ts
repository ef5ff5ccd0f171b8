import { hostIsLittleEndian } from '../../wire/index.js';

const FIRST_SIZE = 4096;
const SMALL = 32;

/** A buffer that grows while it is written. @internal */
export class ByteWriter {
  bytes: Uint8Array = new Uint8Array(FIRST_SIZE);
  view: DataView = new DataView(this.bytes.buffer);
  /** The number of bytes written so far. */
  length = 0;

  /** Appends `size` zero bytes and returns the offset of the first. */
  reserve(size: number): number {
    const start = this.length;
    const end = start + size;
    if (end > this.bytes.byteLength) this.#grow(end);
    // For up to 32 bytes a loop costs less than the call of fill().
    if (size > SMALL) this.bytes.fill(0, start, end);
    else for (let at = start; at < end; at++) this.bytes[at] = 0;
    this.length = end;
    return start;
  }

  /** Writes an attribute's header without its length. Returns the header's offset, for {@link closeAttribute}. */
  openAttribute(type: number): number {
    const start = this.reserve(4);
    this.view.setUint16(start + 2, type, hostIsLittleEndian);
    return start;
  }

  /** Writes an attribute's length and its padding. Returns the length; if that is above 65,535, it writes nothing. */
  closeAttribute(start: number): number {
    const length = this.length - start;
    if (length <= 0xffff) {
      this.view.setUint16(start, length, hostIsLittleEndian);
      this.reserve(-length & 3);
    }
    return length;
  }

  /** Appends bytes. */
  write(bytes: Uint8Array): void {
    const start = this.reserve(bytes.byteLength);
    this.bytes.set(bytes, start);
  }

  /** Returns a copy of the bytes written so far. */
  take(): Uint8Array {
    return this.bytes.slice(0, this.length);
  }

  #grow(end: number): void {
    const bytes = new Uint8Array(Math.max(end, 2 * this.bytes.byteLength));
    bytes.set(this.bytes.subarray(0, this.length));
    this.bytes = bytes;
    this.view = new DataView(bytes.buffer);
  }
}
