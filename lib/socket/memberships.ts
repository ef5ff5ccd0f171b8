/**
 * Counts the holders of each multicast group: the option `groups`, `joinGroup`, subscriptions.
 *
 * It only counts. {@link SocketLifecycle} joins and leaves the groups on the open descriptor.
 *
 * @internal
 */
export class Memberships {
  readonly #explicit: Set<number>;
  readonly #subscriptions = new Map<number, number>();

  /** @param groups - Groups of the option, held until `leaveGroup`. */
  constructor(groups: readonly number[]) {
    this.#explicit = new Set(groups);
  }

  /** The groups that have a holder; a descriptor joins all of them when it opens. */
  get groups(): ReadonlySet<number> {
    return new Set([...this.#explicit, ...this.#subscriptions.keys()]);
  }

  /** Returns true if a group has a holder. */
  has(group: number): boolean {
    return this.#explicit.has(group) || this.#subscriptions.has(group);
  }

  /** Holds a group until {@link Memberships.removeExplicit}; a second call has no effect. */
  addExplicit(group: number): void {
    this.#explicit.add(group);
  }

  removeExplicit(group: number): void {
    this.#explicit.delete(group);
  }

  addSubscription(group: number): void {
    this.#subscriptions.set(group, (this.#subscriptions.get(group) ?? 0) + 1);
  }

  removeSubscription(group: number): void {
    const left = (this.#subscriptions.get(group) ?? 1) - 1;
    if (left > 0) this.#subscriptions.set(group, left);
    else this.#subscriptions.delete(group);
  }
}
