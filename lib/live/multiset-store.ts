import { changed, differences } from './differences.js';
import type { ComparisonOptions } from './keyed-store.js';
import type { LiveDifference } from './live-change.js';
import type { LiveObjectEvent, LiveStore } from './live-store.js';

/** How a {@link MultisetStore} tells objects apart. @public */
export interface MultisetStoreOptions<T> extends ComparisonOptions<T> {
  /** Something short that equal objects share; others may share it. */
  readonly bucket: (value: T) => unknown;
}

/**
 * Objects that have no name but their whole content, and of which two may be alike: routing rules.
 *
 * @public
 */
export class MultisetStore<T extends object> implements LiveStore<T> {
  readonly #bucket: (value: T) => unknown;
  readonly #volatile: ReadonlySet<string>;
  readonly #options: MultisetStoreOptions<T>;
  readonly #significant: (value: T) => object;
  #buckets = new Map<unknown, readonly T[]>();

  constructor(options: MultisetStoreOptions<T>) {
    this.#options = options;
    this.#bucket = options.bucket;
    this.#volatile = new Set(options.volatile);
    this.#significant = options.significant ?? ((whole) => whole);
  }

  /** All objects. */
  entries(): T[] {
    return [...this.#buckets.values()].flat();
  }

  /** Takes an event; returns what it changed, or undefined where only reading again tells. */
  apply({ type, value }: LiveObjectEvent<T>, replay: boolean): LiveDifference<T>[] | undefined {
    const bucket = this.#bucket(value);
    const present = this.#buckets.get(bucket) ?? [];
    const at = this.#find(present, value);
    if (type === 'set') {
      // One more of its kind, or the one that was just read?
      if (replay && at >= 0) return undefined;
      this.#put(bucket, [...present, value]);
      return [{ type: 'added', value }];
    }
    const gone = present[at];
    if (gone === undefined) return [];
    this.#put(bucket, present.toSpliced(at, 1));
    return [{ type: 'removed', value: gone }];
  }

  /** Takes everything anew; returns what differs. */
  replace(rows: Iterable<T>): LiveDifference<T>[] {
    const before = this.#buckets;
    this.#buckets = new Map();
    for (const row of rows) this.#append(row);
    const changes: LiveDifference<T>[] = [];
    for (const bucket of new Set([...before.keys(), ...this.#buckets.keys()])) {
      changes.push(...this.#compare(before.get(bucket) ?? [], this.#buckets.get(bucket) ?? []));
    }
    return changes;
  }

  /** Adds objects that are not there yet. */
  fill(rows: Iterable<T>): void {
    const older = new MultisetStore<T>(this.#options);
    older.replace(rows);
    for (const [bucket, values] of older.#buckets) {
      const present = [...(this.#buckets.get(bucket) ?? [])];
      for (const value of values) {
        const at = this.#find(present, value);
        if (at < 0) this.#append(value);
        else present.splice(at, 1);
      }
    }
  }

  #append(value: T): void {
    const bucket = this.#bucket(value);
    this.#put(bucket, [...(this.#buckets.get(bucket) ?? []), value]);
  }

  #put(bucket: unknown, values: readonly T[]): void {
    if (values.length === 0) this.#buckets.delete(bucket);
    else this.#buckets.set(bucket, values);
  }

  #find(values: readonly T[], value: T): number {
    return values.findIndex((one) => differences(this.#significant(one), this.#significant(value), this.#volatile).length === 0);
  }

  #compare(before: readonly T[], after: readonly T[]): LiveDifference<T>[] {
    const left = [...before];
    const changes: LiveDifference<T>[] = [];
    for (const value of after) {
      const at = this.#find(left, value);
      const [previous] = at < 0 ? [] : left.splice(at, 1);
      const properties = previous === undefined ? [] : differences(previous, value, this.#volatile);
      if (previous === undefined) changes.push({ type: 'added', value });
      else if (properties.length > 0) changes.push(changed(previous, value, properties));
    }
    return [...left.map((value) => ({ type: 'removed', value }) as const), ...changes];
  }
}
