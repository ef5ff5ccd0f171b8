/** The number of removed entries after which the array is copied: `Array.shift()` moves all entries of a long array. */
const COMPACT_AFTER = 1 << 12;

/** A first-in, first-out queue whose cost per entry does not depend on its length. @internal */
export class Queue<T> {
  #entries: T[] = [];
  #head = 0;

  /** The number of entries. */
  get size(): number {
    return this.#entries.length - this.#head;
  }

  /** The oldest entry; undefined if the queue is empty. */
  get first(): T | undefined {
    return this.#entries[this.#head];
  }

  push(entry: T): void {
    this.#entries.push(entry);
  }

  /** Removes and returns the oldest entry; undefined if the queue is empty. */
  shift(): T | undefined {
    if (this.size === 0) return undefined;
    const entry = this.#entries[this.#head];
    this.#head++;
    if (this.#head === this.#entries.length || this.#head === COMPACT_AFTER) {
      this.#entries = this.#entries.slice(this.#head);
      this.#head = 0;
    }
    return entry;
  }

  clear(): void {
    this.#entries = [];
    this.#head = 0;
  }
}
