/**
 * A map that forgets what was not asked for longest, where it would grow beyond its bound.
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

  /** What is kept under a key; makes it where there is nothing. */
  get(key: Key, make: () => Value): Value {
    let value = this.#entries.get(key);
    if (value === undefined) value = make();
    else this.#entries.delete(key);
    // A Map keeps the order in which keys were set: the first is the one that was not asked for longest.
    this.#entries.set(key, value);
    if (this.#entries.size > this.#most) {
      const [oldest] = this.#entries.keys();
      this.#entries.delete(oldest as Key);
    }
    return value;
  }
}
