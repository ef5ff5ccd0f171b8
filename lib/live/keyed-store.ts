import { changed, differences } from './differences.js';
import type { LiveDifference } from './live-change.js';
import type { LiveObjectEvent, LiveStore } from './live-store.js';

/** What tells that an object has changed. @public */
export interface ComparisonOptions<T> {
  /** Properties that update the entry and are no change. */
  readonly volatile?: readonly string[] | undefined;
  /** What counts of an object, where something deeper inside it does not. */
  readonly significant?: ((value: T) => object) | undefined;
}

/** How a {@link KeyedStore} tells objects apart. @public */
export interface KeyedStoreOptions<T> extends ComparisonOptions<T> {
  /** What stays the same while an object lives. */
  readonly key: (value: T) => unknown;
  /** Whether two states of an object are the same to a subscriber; by default where no property but the volatile ones differs. */
  readonly equals?: ((previous: T, value: T) => boolean) | undefined;
  /** Events tell only what is new of an object: the rest of it stays. */
  readonly partial?: boolean | undefined;
}

/** Objects by key, one each. @internal */
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

  apply({ type, value: told }: LiveObjectEvent<T>): LiveDifference<T>[] {
    const key = this.#options.key(told);
    const previous = this.#values.get(key);
    if (type === 'delete') {
      // Of something unknown: it came and went before anybody looked.
      if (previous === undefined) return [];
      this.#values.delete(key);
      return [{ type: 'removed', value: previous }];
    }
    const value = this.#options.partial === true && previous !== undefined ? { ...previous, ...told } : told;
    this.#values.set(key, value);
    return previous === undefined ? [{ type: 'added', value }] : this.#compare(previous, value);
  }

  replace(rows: Iterable<T>): LiveDifference<T>[] {
    const before = this.#values;
    const after = new Map<unknown, T>();
    for (const row of rows) after.set(this.#options.key(row), row);
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

  fill(rows: Iterable<T>): void {
    for (const row of rows) {
      const key = this.#options.key(row);
      if (!this.#values.has(key)) this.#values.set(key, row);
    }
  }

  #compare(previous: T, value: T): LiveDifference<T>[] {
    const { equals, significant = (whole: T): object => whole } = this.#options;
    if (previous === value || equals?.(previous, value) === true) return [];
    const properties = differences(significant(previous), significant(value), this.#volatile);
    return properties.length === 0 && equals === undefined ? [] : [changed(previous, value, properties)];
  }
}
