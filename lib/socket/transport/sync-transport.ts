import type { Observable } from 'rxjs';
import { NetlinkError, TimeoutError } from '../../errors/index.js';
import type { BlockingConnection, Transport, TransportConnection, TransportOptions } from './transport.js';

const EOPNOTSUPP = -95;

/**
 * A transport that only does something while somebody waits: what a socket on it receives is read by {@link SyncTransport.wait}.
 *
 * So everything above it, from sequence numbers to dumps that are asked for again, is what it is for other sockets.
 *
 * @internal
 */
export class SyncTransport implements Transport {
  readonly openNamespace?: NonNullable<Transport['openNamespace']>;
  readonly #base: Transport;
  #deferred: (() => void)[] = [];
  #connection: BlockingConnection | undefined;
  #receive: ((slab: ArrayBuffer) => void) | undefined;

  /** @param base - What opens the descriptor. */
  constructor(base: Transport) {
    this.#base = base;
    if (base.openNamespace !== undefined) this.openNamespace = base.openNamespace.bind(base);
  }

  open({ receive, ref: _none, ...options }: TransportOptions): TransportConnection {
    if (this.#base.openBlocking === undefined) {
      throw new NetlinkError('EOPNOTSUPP open: this transport has no openBlocking(), which waiting for replies takes', {
        errno: EOPNOTSUPP,
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
   * @param operation - How a timeout calls it.
   * @param timeout - Milliseconds to wait for each part of the answer; for ever where left out.
   * @returns What it emitted.
   * @throws What it ended with; {@link TimeoutError} when the time was up.
   */
  wait<T>(source: Observable<T>, operation: string, timeout?: number): T[] {
    const values: T[] = [];
    let ended = false;
    let failure: { readonly error: unknown } | undefined;
    const subscription = source.subscribe({
      next: (value) => values.push(value),
      error: (error: unknown) => {
        failure = { error };
      },
      complete: () => {
        ended = true;
      },
    });
    try {
      while (!ended && failure === undefined) this.#turn(operation, timeout);
    } finally {
      subscription.unsubscribe();
    }
    if (failure !== undefined) throw failure.error;
    return values;
  }

  /** What would be a turn of the event loop. */
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
