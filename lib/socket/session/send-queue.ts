import { NetlinkError } from '../../errors/index.js';
import type { Destination } from '../transport/transport.js';

/** How much may wait, in bytes. */
const MOST_BYTES = 16 << 20;

/** What a datagram takes beside its bytes while it waits, about. */
const OVERHEAD = 256;

/** After how many datagrams that were sent the room for them is given back. */
const COMPACT_AFTER = 1 << 10;

/** Datagrams that wait for one full socket, in order. @internal */
export class SendQueue {
  readonly to: Destination | undefined;
  #datagrams: Uint8Array[] = [];
  /** Where the first is: `shift()` of a long array moves all of it. */
  #head = 0;
  #bytes = 0;

  constructor(to: Destination | undefined) {
    this.to = to;
  }

  /** How many wait. */
  get size(): number {
    return this.#datagrams.length - this.#head;
  }

  get first(): Uint8Array | undefined {
    return this.#datagrams[this.#head];
  }

  /** @throws NetlinkError EAGAIN if so much waits that no more is taken. */
  checkRoom(): void {
    if (this.#bytes < MOST_BYTES) return;
    const reason = `${this.#bytes} bytes wait already for port ${this.to?.portId ?? 0}, which takes none`;
    throw new NetlinkError(`EAGAIN send: ${reason}`, { errno: -11, operation: 'send' });
  }

  add(datagram: Uint8Array): void {
    this.#datagrams.push(datagram);
    this.#bytes += datagram.byteLength + OVERHEAD;
  }

  removeFirst(): void {
    const { first } = this;
    if (first === undefined) return;
    this.#bytes -= first.byteLength + OVERHEAD;
    if (++this.#head < COMPACT_AFTER) return;
    this.#datagrams = this.#datagrams.slice(this.#head);
    this.#head = 0;
  }
}
