import type { Session } from './session/session.js';
import type { TransportConnection } from './transport/transport.js';

/**
 * Counts who holds which multicast group: the options, `joinGroup`, subscriptions. The descriptor leaves a group when
 * nobody does any more, and not before the next turn: RxJS unsubscribes before it subscribes again.
 *
 * @internal
 */
export class Memberships {
  readonly #explicit: Set<number>;
  readonly #subscriptions = new Map<number, number>();
  readonly #session: () => Session | undefined;
  readonly #defer: (callback: () => void) => void;

  /**
   * @param groups - Held from the start, by the options.
   * @param session - What is open now, if anything.
   */
  constructor(groups: readonly number[], session: () => Session | undefined, defer: (callback: () => void) => void) {
    this.#explicit = new Set(groups);
    this.#session = session;
    this.#defer = defer;
  }

  /** Joins what is held, on a descriptor that was opened just now. */
  joinAll(connection: TransportConnection): void {
    for (const group of new Set([...this.#explicit, ...this.#subscriptions.keys()])) connection.join(group);
  }

  /** Holds a group until {@link Memberships.leave}. */
  join(group: number): void {
    this.#session()?.connection.join(group);
    this.#explicit.add(group);
  }

  leave(group: number): void {
    this.#explicit.delete(group);
    this.#leaveUnheld(group);
  }

  /** Holds a group for one subscription; returns the way to let go of it. */
  subscribe(group: number): () => void {
    // Also where it is held already: the kernel forgets members when the family behind a group goes and comes back.
    this.#session()?.connection.join(group);
    this.#subscriptions.set(group, (this.#subscriptions.get(group) ?? 0) + 1);
    return () => {
      const left = (this.#subscriptions.get(group) ?? 1) - 1;
      if (left > 0) this.#subscriptions.set(group, left);
      else {
        this.#subscriptions.delete(group);
        this.#defer(() => this.#leaveUnheld(group));
      }
    };
  }

  #leaveUnheld(group: number): void {
    if (!this.#explicit.has(group) && !this.#subscriptions.has(group)) this.#session()?.connection.leave(group);
  }
}
