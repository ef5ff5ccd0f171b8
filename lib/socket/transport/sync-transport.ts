import { Errno, NetlinkError, TimeoutError } from '../../errors/index.js';
import { Outcome } from '../request/outcome.js';
import type { BlockingConnection, Transport, TransportConnection, TransportOptions } from './transport.js';

/**
 * A transport that reads only while {@link SyncTransport.wait} blocks the thread.
 *
 * The layers above it, from sequence numbers to repeated dumps, work as on every other socket.
 *
 * @internal
 */
export class SyncTransport implements Transport {
  readonly openNamespace?: NonNullable<Transport['openNamespace']>;
  readonly #base: Transport;
  #deferred: (() => void)[] = [];
  #connection: BlockingConnection | undefined;
  #receive: ((slab: ArrayBuffer) => void) | undefined;

  /** @param base - The transport that opens the descriptor. */
  constructor(base: Transport) {
    this.#base = base;
    if (base.openNamespace !== undefined) this.openNamespace = base.openNamespace.bind(base);
  }

  open({ receive, ref: _none, ...options }: TransportOptions): TransportConnection {
    if (this.#base.openBlocking === undefined) {
      throw new NetlinkError('EOPNOTSUPP open: requestSync() needs a transport with openBlocking(); this one has none', {
        errno: -Errno.EOPNOTSUPP,
        operation: 'open',
      });
    }
    this.#connection = this.#base.openBlocking(options);
    this.#receive = receive;
    return this.#connection;
  }

  defer(callback: () => void): void {
    this.#deferred.push(callback);
  }

  /**
   * Waits until a stream on a socket of this transport has ended.
   *
   * @param start - Subscribes the outcome to the stream.
   * @param operation - The name of the operation in a timeout.
   * @param timeout - Milliseconds to wait for each part of the reply; forever if omitted.
   * @returns The emitted values.
   * @throws The error of the stream; {@link TimeoutError} when the time is up.
   */
  wait<T>(start: (outcome: Outcome<T>) => void, operation: string, timeout?: number): T[] {
    const outcome = new Outcome<T>();
    try {
      start(outcome);
      while (!outcome.closed) this.#turn(operation, timeout);
    } finally {
      outcome.unsubscribe();
    }
    if (outcome.failure !== undefined) throw outcome.failure.error;
    return outcome.values ?? [];
  }

  /** Does the work of one turn of the event loop: runs deferred callbacks, or waits for a slab. */
  #turn(operation: string, timeout: number | undefined): void {
    const deferred = this.#deferred;
    if (deferred.length > 0) {
      this.#deferred = [];
      for (const callback of deferred) callback();
      return;
    }
    const slab = this.#connection?.receiveBlocking(timeout === Infinity ? undefined : timeout);
    if (slab === undefined) throw new TimeoutError(operation, timeout ?? 0);
    this.#receive?.(slab);
  }
}
