import { SyncTransport } from './transport/sync-transport.js';
import type { Outcome } from './request/outcome.js';
import type { Transport } from './transport/transport.js';

interface Blocking<Socket> {
  readonly socket: Socket;
  readonly transport: SyncTransport;
}

/**
 * Runs streams on sockets of their own that block the thread.
 *
 * A call closes its descriptor at its end. From the second call in one turn of the event loop on, the descriptor stays open until
 * the turn ends: opening and closing takes five times as long as a request. Programs that make many sockets and call each
 * of them once keep none.
 *
 * @internal
 */
export class BlockingRequests<Socket extends { close(): void }> {
  readonly #base: Transport;
  readonly #create: (transport: SyncTransport) => Socket;
  #kept: Blocking<Socket> | undefined;
  /** True if there was a call in this turn. */
  #called = false;

  /**
   * @param base - Opens the descriptors.
   * @param create - Makes a socket with the settings of now.
   */
  constructor(base: Transport, create: (transport: SyncTransport) => Socket) {
    this.#base = base;
    this.#create = create;
  }

  /** Starts a stream, and blocks until it has ended; returns the emitted values, throws its error or a TimeoutError. */
  run<T>(start: (socket: Socket, outcome: Outcome<T>) => void, operation: string, timeout: number | undefined): T[] {
    const own = this.#take();
    let ended = false;
    try {
      const values = own.transport.wait<T>((outcome) => start(own.socket, outcome), operation, timeout);
      ended = true;
      return values;
    } finally {
      // A stream that failed may have replies in the queue.
      if (!ended || !this.#keep(own)) own.socket.close();
    }
  }

  /** Closes the descriptor that is kept: the settings of the socket have changed. */
  close(): void {
    this.#kept?.socket.close();
    this.#kept = undefined;
  }

  /** A subscriber of the stream may call again: then nothing is kept, and the second call has a socket of its own. */
  #take(): Blocking<Socket> {
    const kept = this.#kept;
    this.#kept = undefined;
    if (kept !== undefined) return kept;
    const transport = new SyncTransport(this.#base);
    return { transport, socket: this.#create(transport) };
  }

  #keep(own: Blocking<Socket>): boolean {
    const isFirst = !this.#called;
    if (isFirst) {
      this.#called = true;
      this.#base.defer(() => {
        this.#called = false;
        this.close();
      });
    }
    if (isFirst || this.#kept !== undefined) return false;
    this.#kept = own;
    return true;
  }
}
