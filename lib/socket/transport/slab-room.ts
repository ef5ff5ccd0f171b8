import { Frame } from '../../wire/internal.js';
import { Slab } from './slab.js';
import type { TransportConnection } from './transport.js';

/** The bytes of a buffer for replies, and the least that must be left of it: most replies are smaller. */
const SIZE = 32 << 10;
const LEAST = 2 << 10;

const NONE = new Frame(new Uint8Array(0));

/**
 * Memory for the slabs of replies that are read right after sending. Several share one buffer: allocating one for each takes up to a third
 * of the time of a small request. A message that is kept keeps the whole buffer, and the bytes of messages that are kept are not written again.
 * The memory is not zeroed: the processor would wait for its cache lines, which the addon lets it fetch while the kernel makes the reply.
 *
 * @internal
 */
export class SlabRoom {
  #frame = NONE;
  #start = 0;

  /** The memory of the latest slab that {@link SlabRoom.read} has returned the length of. */
  get frame(): Frame {
    return this.#frame;
  }

  /** The offset of the byte behind that slab. */
  get end(): number {
    return this.#start;
  }

  /** Sends a request and reads once, as {@link TransportConnection.exchange} does. */
  exchange(connection: TransportConnection, bytes: Uint8Array, length: number, expected: number): Slab | undefined {
    return this.slabOf(this.read(connection, bytes, length, expected));
  }

  /** Does the same. @returns The length of a slab that ends at `end`, or a slab in memory of its own. */
  read(connection: TransportConnection, bytes: Uint8Array, length: number, expected: number): number | ArrayBuffer | undefined {
    // A caller that has transferred the buffer of a payload to another thread has left it without bytes.
    if (this.#frame.bytes.length - this.#start < LEAST) {
      this.#frame = new Frame(new Uint8Array(Buffer.allocUnsafeSlow(SIZE).buffer));
      this.#start = 0;
    }
    const result = connection.exchange(bytes, length, expected, this.#frame.bytes, this.#start);
    if (typeof result === 'number') this.#start += result;
    return result;
  }

  /** Returns the slab of the latest result of {@link SlabRoom.read}. */
  slabOf(result: number | ArrayBuffer | undefined): Slab | undefined {
    if (typeof result === 'number') return new Slab(this.#frame, this.#start - result, this.#start);
    return result === undefined ? undefined : Slab.of(result);
  }

  /** Uses the memory of a slab again, the latest one: nothing has kept a message of it. */
  takeBack(frame: Frame, start: number): void {
    if (frame === this.#frame) this.#start = start;
  }
}
