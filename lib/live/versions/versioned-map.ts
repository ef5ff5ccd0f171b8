import { VersionedList, itemAt, type ListVersion } from './versioned-list.js';

/** The value of a slot whose entry was deleted. */
const DELETED = Symbol('deleted');

/** Deleted slots that are kept in addition to as many as there are entries. */
const SPARE_SLOTS = 64;

type Value<V> = V | typeof DELETED;

/**
 * The keys of a map and of all its snapshots. Each entry has a slot; slots are in the order of insertion and never used again.
 *
 * Keys are only appended. A snapshot knows the number of slots at its time and ignores later ones.
 */
interface KeyTable<K> {
  readonly keys: K[];
  /** The slot of a key; several in ascending order if the key was deleted and set again. */
  readonly slots: Map<K, number | number[]>;
}

/**
 * A map whose snapshots share everything that did not change, so that a snapshot after each change is cheap.
 *
 * A change copies one node of each level of a tree: four for 100,000 entries. Maps iterate in the order of insertion, as `Map` does.
 *
 * @internal
 */
export class VersionedMap<K, V> {
  #table: KeyTable<K> = { keys: [], slots: new Map() };
  #values = new VersionedList<Value<V>>();
  #size = 0;
  /** The present version, until the next change. */
  #snapshot: MapSnapshot<K, V> | undefined;

  get size(): number {
    return this.#size;
  }

  get(key: K): V | undefined {
    const slot = this.#slot(key);
    return slot === undefined ? undefined : (this.#values.at(slot) as V);
  }

  /** Sets the value of a key. A new key is added at the end; a key that exists keeps its place. */
  set(key: K, value: V): void {
    this.#snapshot = undefined;
    const slot = this.#slot(key);
    if (slot === undefined) this.#add(key, value);
    else this.#values.write(slot, value);
  }

  /** Deletes an entry. Returns false if there is none. */
  delete(key: K): boolean {
    const slot = this.#slot(key);
    if (slot === undefined) return false;
    this.#snapshot = undefined;
    this.#values.write(slot, DELETED);
    this.#size--;
    if (this.#values.length > 2 * this.#size + SPARE_SLOTS) this.#compact();
    return true;
  }

  /** Returns the present entries; later changes do not affect them. Returns the same object until the next change. */
  snapshot(): ReadonlyMap<K, V> {
    return (this.#snapshot ??= new MapSnapshot<K, V>(this.#table, this.#values.version(), this.#values.length, this.#size));
  }

  /** Returns the slot of an entry that exists. */
  #slot(key: K): number | undefined {
    const slots = this.#table.slots.get(key);
    const slot = typeof slots === 'object' ? slots.at(-1) : slots;
    return slot === undefined || this.#values.at(slot) === DELETED ? undefined : slot;
  }

  #add(key: K, value: V): void {
    const { keys, slots } = this.#table;
    const earlier = slots.get(key);
    if (earlier === undefined) slots.set(key, keys.length);
    else if (typeof earlier === 'number') slots.set(key, [earlier, keys.length]);
    else earlier.push(keys.length);
    // A Map normalizes -0.
    keys.push(key === 0 ? (0 as K) : key);
    this.#values.push(value);
    this.#size++;
  }

  /** Continues with new tables without the deleted slots; the snapshots keep the old ones. */
  #compact(): void {
    const entries = this.snapshot();
    this.#snapshot = undefined;
    this.#table = { keys: [], slots: new Map() };
    this.#values = new VersionedList();
    this.#size = 0;
    for (const [key, value] of entries) this.#add(key, value);
  }
}

/**
 * One version of a {@link VersionedMap}.
 *
 * The properties are enumerable: functions that compare objects by their properties find two different snapshots different.
 */
class MapSnapshot<K, V> implements ReadonlyMap<K, V> {
  readonly size: number;
  readonly [Symbol.toStringTag] = 'Map';
  private readonly table: KeyTable<K>;
  private readonly version: ListVersion;
  private readonly length: number;

  /** @param length - The number of slots of this version. */
  constructor(table: KeyTable<K>, version: ListVersion, length: number, size: number) {
    this.table = table;
    this.version = version;
    this.length = length;
    this.size = size;
  }

  get(key: K): V | undefined {
    const value = this.#find(key);
    return value === DELETED ? undefined : value;
  }

  has(key: K): boolean {
    return this.#find(key) !== DELETED;
  }

  forEach(callback: (value: V, key: K, map: ReadonlyMap<K, V>) => void, thisArgument?: unknown): void {
    for (const [key, value] of this) callback.call(thisArgument, value, key, this);
  }

  *entries(): MapIterator<[K, V]> {
    const { keys } = this.table;
    const { root, shift } = this.version;
    for (let slot = 0; slot < this.length; slot++) {
      const value = itemAt<Value<V>>(root, shift, slot);
      if (value !== DELETED) yield [keys[slot] as K, value];
    }
  }

  *keys(): MapIterator<K> {
    for (const [key] of this.entries()) yield key;
  }

  *values(): MapIterator<V> {
    for (const [, value] of this.entries()) yield value;
  }

  [Symbol.iterator](): MapIterator<[K, V]> {
    return this.entries();
  }

  /** Node.js prints the entries. */
  [Symbol.for('nodejs.util.inspect.custom')](): Map<K, V> {
    return new Map(this);
  }

  /** Returns the value in the last slot that the key had at the time of this version. */
  #find(key: K): Value<V> {
    const slots = this.table.slots.get(key);
    const slot = typeof slots === 'object' ? lastBelow(slots, this.length) : slots;
    if (slot === undefined || slot >= this.length) return DELETED;
    return itemAt<Value<V>>(this.version.root, this.version.shift, slot);
  }
}

/** Returns the largest of ascending numbers that is below a limit. */
function lastBelow(numbers: readonly number[], limit: number): number | undefined {
  let [low, high] = [0, numbers.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (numbers[middle]! < limit) low = middle + 1;
    else high = middle;
  }
  return numbers[low - 1];
}
