import { hostIsLittleEndian } from '../../wire/index.js';

const FIRST_SIZE = 4096;
const SMALL = 32;

/** Bytes under construction: they grow as they are written. @internal */
export class ByteWriter {
  bytes: Uint8Array = new Uint8Array(FIRST_SIZE);
  view: DataView = new DataView(this.bytes.buffer);
  /** How much is written; the next byte goes here. */
  length = 0;

  /** Makes room for `size` zero bytes and returns where they start. */
  reserve(size: number): number {
    const start = this.length;
    const end = start + size;
    if (end > this.bytes.byteLength) this.#grow(end);
    // Most of what is asked for is a few bytes: a loop over them costs less than the call.
    if (size > SMALL) this.bytes.fill(0, start, end);
    else for (let at = start; at < end; at++) this.bytes[at] = 0;
    this.length = end;
    return start;
  }

  /** Starts an attribute: its header with the length still open. Returns where it starts, for {@link closeAttribute}. */
  openAttribute(type: number): number {
    const start = this.reserve(4);
    this.view.setUint16(start + 2, type, hostIsLittleEndian);
    return start;
  }

  /** Enters an attribute's length and pads it. Returns the length; nothing is written where that is above 65,535. */
  closeAttribute(start: number): number {
    const length = this.length - start;
    if (length <= 0xffff) {
      this.view.setUint16(start, length, hostIsLittleEndian);
      this.reserve(-length & 3);
    }
    return length;
  }

  /** Appends bytes as they are. */
  write(bytes: Uint8Array): void {
    const start = this.reserve(bytes.byteLength);
    this.bytes.set(bytes, start);
  }

  /** What is written, in memory of its own. */
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
