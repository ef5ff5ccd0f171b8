import type { NamespaceHandle, NetworkNamespace, Transport } from './transport.js';

/** An open socket in a network namespace. @internal */
export interface NamespaceUser {
  /** The namespace was deleted. */
  onNamespaceGone(): void;
}

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
  /** The sockets that are open in another namespace than that of the caller. */
  #users: Set<NamespaceUser> | undefined;
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
   * @param user - The socket, until {@link SharedNamespace.release}.
   * @returns undefined for the namespace of the caller.
   * @throws NetlinkError if the namespace does not exist or may not be opened.
   */
  acquire(transport: Transport, user: NamespaceUser): number | undefined {
    if (this.#netns === undefined) return undefined;
    this.#handle ??= transport.openNamespace?.(this.#netns, () => this.#gone());
    (this.#users ??= new Set()).add(user);
    return this.#handle?.descriptor;
  }

  /** Releases the namespace for a socket that has closed. */
  release(user: NamespaceUser): void {
    if (this.#users?.delete(user) !== true || this.#users.size > 0) return;
    this.#handle?.close();
    this.#handle = undefined;
  }

  #gone(): void {
    const users = [...(this.#users ?? [])];
    this.#users = undefined;
    this.#handle?.close();
    this.#handle = undefined;
    for (const user of users) user.onNamespaceGone();
  }
}
