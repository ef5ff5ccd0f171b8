import { Errno, NetlinkError } from '../../errors/index.js';
import { Queue } from '../queue.js';
import type { Destination } from '../transport/transport.js';

/** The number of bytes that may wait. */
const MOST_BYTES = 16 << 20;

/** The approximate memory of a waiting datagram beside its bytes. */
const OVERHEAD = 256;

/** The datagrams that wait for one full socket, in order. @internal */
export class SendQueue {
  readonly to: Destination | undefined;
  readonly #datagrams = new Queue<Uint8Array>();
  #bytes = 0;

  constructor(to: Destination | undefined) {
    this.to = to;
  }

  /** The number of datagrams that wait. */
  get size(): number {
    return this.#datagrams.size;
  }

  get first(): Uint8Array | undefined {
    return this.#datagrams.first;
  }

  /** @throws NetlinkError EAGAIN if the queue is full. */
  checkRoom(): void {
    if (this.#bytes < MOST_BYTES) return;
    const reason = `${this.#bytes} bytes already wait for port ${this.to?.portId ?? 0}, whose receive queue is full`;
    throw new NetlinkError(`EAGAIN send: ${reason}`, { errno: -Errno.EAGAIN, operation: 'send' });
  }

  add(datagram: Uint8Array): void {
    this.#datagrams.push(datagram);
    this.#bytes += datagram.length + OVERHEAD;
  }

  removeFirst(): void {
    const datagram = this.#datagrams.shift();
    if (datagram !== undefined) this.#bytes -= datagram.length + OVERHEAD;
  }
}
