import { Errno } from '../../errors/index.js';
import { FleetError } from '../fleet-error.js';

/** A socket whose bytes are counted. */
interface Holder {
  /** Ends the socket, and sends the reason to its client. */
  fail(error: unknown): void;
}

/**
 * Counts the bytes that the sockets of a host hold for their clients. When all together exceed the limit, it ends the largest socket of the
 * client whose sockets have the most.
 *
 * Each socket has a window of its own; without this, the windows of many sockets add up. The bytes of a client are a sum, so that a client
 * with many sockets does not end the one of another client.
 *
 * @internal
 */
export class SocketMemory {
  readonly #host: string;
  readonly #limit: number;
  /** The bytes of each socket, by the client's part of the subject. */
  readonly #clients = new Map<string, Map<Holder, number>>();
  #total = 0;

  /** @param limit - The largest number of bytes of all sockets together. */
  constructor(host: string, limit: number) {
    this.#host = host;
    this.#limit = limit;
  }

  /** Sets the bytes of a socket; 0 forgets it. */
  set(client: string, holder: Holder, bytes: number): void {
    const held = this.#clients.get(client) ?? new Map<Holder, number>();
    this.#total += bytes - (held.get(holder) ?? 0);
    if (bytes === 0) held.delete(holder);
    else held.set(holder, bytes);
    if (held.size === 0) this.#clients.delete(client);
    else this.#clients.set(client, held);
    // The end of a socket sets its bytes to 0.
    while (this.#total > this.#limit) this.#endLargest();
  }

  #endLargest(): void {
    let [client, most, held]: readonly [string, number, ReadonlyMap<Holder, number>] = ['', 0, new Map()];
    for (const [name, sockets] of this.#clients) {
      const sum = [...sockets.values()].reduce((bytes, more) => bytes + more, 0);
      if (sum > most) [client, most, held] = [name, sum, sockets];
    }
    let [largest, size]: readonly [Holder | undefined, number] = [undefined, 0];
    for (const [holder, bytes] of held) if (bytes > size) [largest, size] = [holder, bytes];
    if (largest === undefined) return;
    const text =
      `all clients together have ${this.#total} unread bytes, more than its limit of ${this.#limit} (memory), ` +
      `and this client has the most: ${most}, of which ${size} are those of this socket`;
    this.set(client, largest, 0);
    largest.fail(
      new FleetError(`ENOTCONN remote: host '${this.#host}' has closed the socket: ${text}`, 'closed', {
        code: 'ENOTCONN',
        errno: -Errno.ENOTCONN,
      }),
    );
  }
}
