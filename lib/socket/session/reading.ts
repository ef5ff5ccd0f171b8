import type { TransportConnection } from '../transport/transport.js';

interface Requests {
  /** The number of requests that were sent and have not ended. */
  readonly inFlight: number;
}

/**
 * Pauses a connection while its socket is paused, and while a reader has unread messages. A slow reader does not stop the reading while a
 * request is in flight. Changes take effect with {@link Reading.update}.
 *
 * @internal
 */
export class Reading {
  /** True while the socket neither reads nor sends requests. */
  paused = false;
  readonly #connection: Pick<TransportConnection, 'pause' | 'resume'>;
  readonly #requests: Requests;
  /** The readers that have unread messages. */
  #slowReaders: Set<object> | undefined;
  #reads = true;

  constructor(connection: Pick<TransportConnection, 'pause' | 'resume'>, requests: Requests) {
    this.#connection = connection;
    this.#requests = requests;
  }

  setSlowReader(reader: object, isSlow: boolean): void {
    if (isSlow) (this.#slowReaders ??= new Set()).add(reader);
    else this.#slowReaders?.delete(reader);
  }

  /** Pauses or resumes the connection. */
  update(): void {
    const rest = this.paused || ((this.#slowReaders?.size ?? 0) > 0 && this.#requests.inFlight === 0);
    // Without a comparison of two booleans: V8 has no fast one.
    if (rest ? !this.#reads : this.#reads) return;
    this.#reads = !rest;
    if (rest) this.#connection.pause();
    else this.#connection.resume();
  }
}
