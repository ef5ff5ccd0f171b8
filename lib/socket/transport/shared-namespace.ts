import type { NamespaceHandle, NetworkNamespace, Transport } from './transport.js';

/**
 * The network namespace of a socket and its siblings.
 *
 * It is looked up when the first of them opens and kept until the last has closed, so that all of them are in the same
 * one, whatever happens to the name meanwhile. Nobody moves there: the transport opens sockets in it on a thread of its own.
 *
 * @internal
 */
export class NamespaceReference {
  readonly #netns: NetworkNamespace | undefined;
  readonly #users = new Set<() => void>();
  #handle: NamespaceHandle | undefined;

  constructor(netns: NetworkNamespace | undefined) {
    this.#netns = netns;
  }

  /**
   * Gets a descriptor of it for one more open socket.
   *
   * @param onGone - Who is told when the namespace is gone; also the user's name for {@link NamespaceReference.release}.
   * @returns undefined for the caller's own namespace.
   * @throws NetlinkError if there is no such namespace or it may not be looked at.
   */
  acquire(transport: Transport, onGone: () => void): number | undefined {
    if (this.#netns === undefined) return undefined;
    this.#handle ??= transport.openNamespace?.(this.#netns, () => this.#gone());
    this.#users.add(onGone);
    return this.#handle?.descriptor;
  }

  /** Says that a socket which acquired it has closed. */
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
