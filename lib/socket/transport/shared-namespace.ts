import type { NamespaceHandle, NetworkNamespace, Transport } from './transport.js';

/**
 * The network namespace of a socket and its siblings.
 *
 * It is opened when the first socket opens, and closed after the last socket has closed: all of them are in the same
 * namespace, even if its name is deleted meanwhile. The calling thread stays in its own namespace: the transport opens sockets
 * on a thread that enters the namespace.
 *
 * @internal
 */
export class SharedNamespace {
  readonly #netns: NetworkNamespace | undefined;
  readonly #users = new Set<() => void>();
  #handle: NamespaceHandle | undefined;

  constructor(netns: NetworkNamespace | undefined) {
    this.#netns = netns;
  }

  /** The descriptor while a socket is open; undefined for the namespace of the caller. */
  get descriptor(): number | undefined {
    return this.#handle?.descriptor;
  }

  /**
   * Returns a descriptor of the namespace for one more open socket.
   *
   * @param onGone - Called when the namespace is deleted; also the key for {@link SharedNamespace.release}.
   * @returns undefined for the namespace of the caller.
   * @throws NetlinkError if the namespace does not exist or may not be opened.
   */
  acquire(transport: Transport, onGone: () => void): number | undefined {
    if (this.#netns === undefined) return undefined;
    this.#handle ??= transport.openNamespace?.(this.#netns, () => this.#gone());
    this.#users.add(onGone);
    return this.#handle?.descriptor;
  }

  /** Releases the namespace for a socket that has closed. */
  release(onGone: () => void): void {
    if (!this.#users.delete(onGone) || this.#users.size > 0) return;
    this.#handle?.close();
    this.#handle = undefined;
  }

  #gone(): void {
    const users = [...this.#users];
    this.#users.clear();
    this.#handle?.close();
    this.#handle = undefined;
    for (const onGone of users) onGone();
  }
}
