import { Errno } from '../../errors/index.js';
import { FleetError } from '../fleet-error.js';

/** A socket whose bytes are counted. */
interface Holder {
  /** Ends the socket, and sends the reason to its client. */
  fail(error: unknown): void;
}

/**
 * Counts the bytes that the sockets of a host hold for their clients, and ends the socket with the most of them when all together exceed the limit.
 *
 * Each socket has a window of its own; without this, the windows of many sockets add up.
 *
 * @internal
 */
export class SocketMemory {
  readonly #host: string;
  readonly #limit: number;
  readonly #held = new Map<Holder, number>();
  #total = 0;

  /** @param limit - The largest number of bytes of all sockets together. */
  constructor(host: string, limit: number) {
    this.#host = host;
    this.#limit = limit;
  }

  /** Sets the bytes of a socket; 0 forgets it. */
  set(holder: Holder, bytes: number): void {
    this.#total += bytes - (this.#held.get(holder) ?? 0);
    if (bytes === 0) this.#held.delete(holder);
    else this.#held.set(holder, bytes);
    // The end of a socket sets its bytes to 0.
    while (this.#total > this.#limit) this.#endLargest();
  }

  #endLargest(): void {
    let [largest, most]: readonly [Holder | undefined, number] = [undefined, 0];
    for (const [holder, bytes] of this.#held) if (bytes > most) [largest, most] = [holder, bytes];
    if (largest === undefined) return;
    const text =
      `all clients together have ${this.#total} unread bytes, more than its limit of ${this.#limit} (memory), ` +
      `and this one has the most: ${most}`;
    this.#total -= most;
    this.#held.delete(largest);
    largest.fail(
      new FleetError(`ENOTCONN remote: host '${this.#host}' has closed the socket: ${text}`, 'closed', {
        code: 'ENOTCONN',
        errno: -Errno.ENOTCONN,
      }),
    );
  }
}
