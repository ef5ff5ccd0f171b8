const NONE: readonly never[] = [];

/**
 * Objects by a text that several of them may share.
 *
 * A table may have 100,000 objects, and almost all are alone in their slot: those need no list of their own.
 *
 * @internal
 */
export class Slots<T extends object> {
  readonly #slots = new Map<string, T | T[]>();

  /** Adds an object to a slot. */
  add(slot: string, object: T): void {
    const there = this.#slots.get(slot);
    if (there === undefined) this.#slots.set(slot, object);
    else if (Array.isArray(there)) there.push(object);
    else this.#slots.set(slot, [there, object]);
  }

  /** Returns the objects of a slot in the order of their addition. */
  get(slot: string): readonly T[] {
    const there = this.#slots.get(slot);
    if (there === undefined) return NONE;
    return Array.isArray(there) ? there : [there];
  }
}
