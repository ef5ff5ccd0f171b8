import { differences } from './differences.js';
import type { LiveDifference, LiveEvent } from './live-change.js';
import type { LiveStore } from './live-store.js';

/** How a {@link KeyedStore} tells objects apart. @internal */
export interface KeyedStoreOptions<T> {
  /** What stays the same while an object lives. */
  readonly key: (value: T) => unknown;
  /** Properties that update the entry and are no change. */
  readonly volatile?: readonly string[] | undefined;
  /** Whether two states of an object are the same to a subscriber; by default where no property but the volatile ones differs. */
  readonly equals?: ((previous: T, value: T) => boolean) | undefined;
}

/** Objects by key, one each. @internal */
export class KeyedStore<T extends object> implements LiveStore<T> {
  readonly #key: (value: T) => unknown;
  readonly #volatile: ReadonlySet<string>;
  readonly #equals: ((previous: T, value: T) => boolean) | undefined;
  #values = new Map<unknown, T>();

  constructor({ key, volatile = [], equals }: KeyedStoreOptions<T>) {
    this.#key = key;
    this.#volatile = new Set(volatile);
    this.#equals = equals;
  }

  entries = (): T[] => [...this.#values.values()];

  apply(event: LiveEvent<T>): LiveDifference<T>[] | undefined {
    if (event.type === 'silent') return undefined;
    const { type, value } = event;
    const key = this.#key(value);
    const previous = this.#values.get(key);
    if (type === 'delete') {
      // Of something unknown: it came and went before anybody looked.
      if (previous === undefined) return [];
      this.#values.delete(key);
      return [{ type: 'removed', value: previous }];
    }
    this.#values.set(key, value);
    return previous === undefined ? [{ type: 'added', value }] : this.#compare(previous, value);
  }

  replace(rows: Iterable<T>): LiveDifference<T>[] {
    const before = this.#values;
    const after = new Map<unknown, T>();
    for (const row of rows) after.set(this.#key(row), row);
    this.#values = after;
    const changes: LiveDifference<T>[] = [];
    for (const [key, value] of before) if (!after.has(key)) changes.push({ type: 'removed', value });
    for (const [key, value] of after) {
      const previous = before.get(key);
      if (previous === undefined) changes.push({ type: 'added', value });
      else changes.push(...this.#compare(previous, value));
    }
    return changes;
  }

  #compare(previous: T, value: T): LiveDifference<T>[] {
    if (this.#equals?.(previous, value) === true) return [];
    const properties = differences(previous, value, this.#volatile);
    return properties.length === 0 && this.#equals === undefined ? [] : [{ type: 'changed', value, previous, properties }];
  }
}
