/**
 * A map of a limited size: it evicts the entry that was used least recently.
 *
 * @internal
 */
export class BoundedMap<Key, Value extends object> {
  readonly #entries = new Map<Key, Value>();
  readonly #most: number;

  constructor(most: number) {
    this.#most = most;
  }

  get size(): number {
    return this.#entries.size;
  }

  /** Returns the value of a key; makes it if there is none. */
  get(key: Key, make: () => Value): Value {
    let value = this.#entries.get(key);
    if (value === undefined) value = make();
    else this.#entries.delete(key);
    // A Map keeps the order in which keys were set: the first one was used least recently.
    this.#entries.set(key, value);
    if (this.#entries.size > this.#most) {
      const [oldest] = this.#entries.keys();
      this.#entries.delete(oldest as Key);
    }
    return value;
  }
}
