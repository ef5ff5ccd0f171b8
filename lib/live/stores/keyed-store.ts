import { changed, differences, isEqual } from './differences.js';
import type { LiveDifference } from '../live-change.js';
import type { LiveObjectEvent, LiveStore } from './live-store.js';

/** Options that decide if an object has changed. @public */
export interface ComparisonOptions<T> {
  /** Properties that update the entry without a `changed`. */
  readonly volatile?: readonly string[] | undefined;
  /** Returns the part of an object that is compared; needed if a nested property is volatile. */
  readonly significant?: ((value: T) => object) | undefined;
}

/** Options of a {@link KeyedStore}. @public */
export interface KeyedStoreOptions<T> extends ComparisonOptions<T> {
  /** Returns the key of an object: it stays the same as long as the object exists. */
  readonly key: (value: T) => unknown;
  /**
   * Returns true if two states of an object are the same to a subscriber.
   * @defaultValue true if only volatile properties differ
   */
  readonly equals?: ((previous: T, value: T) => boolean) | undefined;
  /** Events contain only the new properties of an object; the entry keeps the others. */
  readonly partial?: boolean | undefined;
}

/** A store of objects by key, one object per key. @internal */
export class KeyedStore<T extends object> implements LiveStore<T> {
  readonly #options: KeyedStoreOptions<T>;
  readonly #volatile: ReadonlySet<string>;
  #values = new Map<unknown, T>();

  constructor(options: KeyedStoreOptions<T>) {
    this.#options = options;
    this.#volatile = new Set(options.volatile);
  }

  entries(): T[] {
    return [...this.#values.values()];
  }

  apply({ type, value: received }: LiveObjectEvent<T>): LiveDifference<T>[] {
    const key = this.#options.key(received);
    const previous = this.#values.get(key);
    if (type === 'delete') {
      // The object was created and deleted before the snapshot was read.
      if (previous === undefined) return [];
      this.#values.delete(key);
      return [{ type: 'removed', value: previous }];
    }
    const value = this.#options.partial === true && previous !== undefined ? { ...previous, ...received } : received;
    this.#values.set(key, value);
    return previous === undefined ? [{ type: 'added', value }] : this.#compare(previous, value);
  }

  replace(rows: Iterable<T>): LiveDifference<T>[] {
    const after = new Map<unknown, T>();
    for (const row of rows) after.set(this.#options.key(row), row);
    return this.#exchange(after);
  }

  replaceBy(store: LiveStore<T>): LiveDifference<T>[] {
    return this.#exchange((store as KeyedStore<T>).#values);
  }

  #exchange(after: Map<unknown, T>): LiveDifference<T>[] {
    const before = this.#values;
    this.#values = after;
    const changes: LiveDifference<T>[] = [];
    for (const [key, value] of before) if (!after.has(key)) changes.push({ type: 'removed', value });
    for (const [key, value] of after) {
      const previous = before.get(key);
      if (previous === undefined) changes.push({ type: 'added', value });
      else if (previous !== value) changes.push(...this.#compare(previous, value));
    }
    return changes;
  }

  add(row: T, previous: LiveStore<T>): void {
    const key = this.#options.key(row);
    if (this.#values.has(key)) return;
    const kept = (previous as KeyedStore<T>).#values.get(key);
    this.#values.set(key, kept !== undefined && isEqual(kept, row) ? kept : row);
  }

  fill(rows: Iterable<T>): void {
    for (const row of rows) {
      const key = this.#options.key(row);
      if (!this.#values.has(key)) this.#values.set(key, row);
    }
  }

  #compare(previous: T, value: T): LiveDifference<T>[] {
    const { equals, significant = (whole: T): object => whole } = this.#options;
    if (previous === value || isEqual(previous, value) || equals?.(previous, value) === true) return [];
    const properties = differences(significant(previous), significant(value), this.#volatile);
    return properties.length === 0 && equals === undefined ? [] : [changed(previous, value, properties)];
  }
}
