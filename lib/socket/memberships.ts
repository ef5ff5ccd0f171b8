/** The list of no groups. */
const NONE: readonly number[] = [];

/**
 * Counts the holders of each multicast group: the option `groups`, `joinGroup`, subscriptions.
 *
 * It only counts. {@link SocketLifecycle} joins and leaves the groups on the open descriptor. Its lists are arrays, because almost every
 * socket holds at most one group. `concat` reserves no space for more.
 *
 * @internal
 */
export class Memberships {
  #explicit: readonly number[];
  /** A group for each of its subscriptions. */
  #subscriptions = NONE;

  /** @param groups - Groups of the option, held until `leaveGroup`. */
  constructor(groups: readonly number[]) {
    this.#explicit = groups.length === 0 ? NONE : [...groups];
  }

  /** The groups that have a holder; a descriptor joins all of them when it opens. */
  get groups(): ReadonlySet<number> {
    return new Set([...this.#explicit, ...this.#subscriptions]);
  }

  /** Returns true if a group has a holder. */
  has(group: number): boolean {
    return this.#explicit.includes(group) || this.#subscriptions.includes(group);
  }

  /** Holds a group until {@link Memberships.removeExplicit}; a second call has no effect. */
  addExplicit(group: number): void {
    if (!this.#explicit.includes(group)) this.#explicit = this.#explicit.concat(group);
  }

  removeExplicit(group: number): void {
    this.#explicit = this.#explicit.filter((one) => one !== group);
  }

  addSubscription(group: number): void {
    this.#subscriptions = this.#subscriptions.concat(group);
  }

  removeSubscription(group: number): void {
    const index = this.#subscriptions.indexOf(group);
    if (index >= 0) this.#subscriptions = this.#subscriptions.filter((_, at) => at !== index);
  }
}
