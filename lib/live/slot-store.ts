import { differences } from './differences.js';
import type { LiveDifference, LiveEvent } from './live-change.js';
import type { LiveStore } from './live-store.js';

/** How a {@link SlotStore} tells objects apart. @internal */
export interface SlotStoreOptions<T> {
  /** What all objects of a slot share. */
  readonly slot: (value: T) => string;
  /** Properties that tell nothing about which object of the slot it is, nor make a change of it. */
  readonly ignored: readonly string[];
}

/**
 * Objects that may share a key, in order: routes to one destination, each with a place in the line.
 *
 * Events say what to do with a slot, not always which of its objects is meant; where that is not sure, the store asks for
 * everything to be read again instead of guessing.
 *
 * @internal
 */
export class SlotStore<T extends object> implements LiveStore<T> {
  readonly #slot: (value: T) => string;
  readonly #ignored: ReadonlySet<string>;
  #slots = new Map<string, readonly T[]>();

  constructor({ slot, ignored }: SlotStoreOptions<T>) {
    this.#slot = slot;
    this.#ignored = new Set(ignored);
  }

  entries = (): T[] => [...this.#slots.values()].flat();

  apply(event: LiveEvent<T>): LiveDifference<T>[] | undefined {
    if (event.type === 'silent') return undefined;
    const { type, value } = event;
    const slot = this.#slot(value);
    const present = this.#slots.get(slot) ?? [];
    if (type === 'delete') return this.#delete(slot, present, value);
    const [first] = present;
    if (first === undefined) {
      this.#slots.set(slot, [value]);
      return [{ type: 'added', value }];
    }
    const known = present.findIndex((one) => this.#same(one, value));
    if (known >= 0) {
      this.#slots.set(slot, present.with(known, value));
      return [];
    }
    // A replacement takes the place of the first, or of all: the same where there is but one.
    if (event.replace !== true || present.length > 1) return undefined;
    this.#slots.set(slot, [value]);
    return [this.#changed(first, value)];
  }

  replace(rows: Iterable<T>): LiveDifference<T>[] {
    const before = this.#slots;
    const after = new Map<string, T[]>();
    for (const row of rows) {
      const slot = this.#slot(row);
      const list = after.get(slot);
      if (list === undefined) after.set(slot, [row]);
      else list.push(row);
    }
    this.#slots = after;
    const changes: LiveDifference<T>[] = [];
    for (const [slot, values] of before)
      if (!after.has(slot)) changes.push(...values.map((value) => ({ type: 'removed', value }) as const));
    for (const [slot, values] of after) changes.push(...this.#compare(before.get(slot) ?? [], values));
    return changes;
  }

  #delete(slot: string, present: readonly T[], value: T): LiveDifference<T>[] | undefined {
    if (present.length === 0) return [];
    const at = present.length === 1 ? 0 : present.findIndex((one) => this.#same(one, value));
    const gone = present[at];
    if (gone === undefined) return undefined;
    if (present.length === 1) this.#slots.delete(slot);
    else this.#slots.set(slot, present.toSpliced(at, 1));
    return [{ type: 'removed', value: gone }];
  }

  #compare(before: readonly T[], after: readonly T[]): LiveDifference<T>[] {
    const left = [...before];
    const fresh = after.filter((value) => {
      const at = left.findIndex((one) => this.#same(one, value));
      if (at >= 0) left.splice(at, 1);
      return at < 0;
    });
    const [old] = left;
    const [young] = fresh;
    if (left.length === 1 && fresh.length === 1 && old !== undefined && young !== undefined) return [this.#changed(old, young)];
    return [...left.map((value) => ({ type: 'removed', value }) as const), ...fresh.map((value) => ({ type: 'added', value }) as const)];
  }

  #changed(previous: T, value: T): LiveDifference<T> {
    return { type: 'changed', value, previous, properties: differences(previous, value, this.#ignored) };
  }

  #same(one: T, other: T): boolean {
    return differences(one, other, this.#ignored).length === 0;
  }
}
