import { Frame } from '../../wire/internal.js';
import { Slab } from './slab.js';
import type { TransportConnection } from './transport.js';

/** The bytes of a buffer for replies, and the least that must be left of it: most replies are smaller. */
const SIZE = 16 << 10;
const LEAST = 2 << 10;

const NONE = new Frame(new Uint8Array(0));

/**
 * Memory for the slabs of replies that are read right after sending. Several share one buffer: allocating one for each takes up to a third
 * of the time of a small request. A message that is kept keeps the whole buffer, and the bytes of messages that are kept are not written again.
 *
 * @internal
 */
export class SlabRoom {
  #frame = NONE;
  #start = 0;

  /** Sends a request and reads once, as {@link TransportConnection.exchange} does. */
  exchange(connection: TransportConnection, bytes: Uint8Array, length: number, expected: number): Slab | undefined {
    // A caller that has transferred the buffer of a payload to another thread has left it without bytes.
    if (this.#frame.bytes.length - this.#start < LEAST) {
      this.#frame = new Frame(new Uint8Array(SIZE));
      this.#start = 0;
    }
    const start = this.#start;
    const result = connection.exchange(bytes, length, expected, this.#frame.bytes, start);
    if (typeof result !== 'number') return result === undefined ? undefined : Slab.of(result);
    this.#start += result;
    return new Slab(this.#frame, start, this.#start);
  }

  /** Uses the memory of a slab again, the latest one: nothing has kept a message of it. */
  takeBack(slab: Slab): void {
    if (slab.frame === this.#frame) this.#start = slab.start;
  }
}
