import { stringify } from '../../schema/index.js';
import { changed, differences } from './differences.js';
import type { ComparisonOptions } from './keyed-store.js';
import type { LiveDifference } from '../live-change.js';
import type { LiveObjectEvent, LiveStore } from './live-store.js';
import { assignNumber, numberedKey, passNumber } from './shared-keys.js';

/** Options of a {@link MultisetStore}. @public */
export interface MultisetStoreOptions<T> extends ComparisonOptions<T> {
  /** Returns a short value that equal objects share; different objects may share it. */
  readonly bucket: (value: T) => unknown;
}

/**
 * A store of objects without a key, of which several may be equal, such as routing rules.
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

  /** Returns all objects. */
  entries(): T[] {
    return [...this.#buckets.values()].flat();
  }

  /** Applies an event; returns the differences, or undefined if only a resync can determine them. */
  apply({ type, value }: LiveObjectEvent<T>, replay: boolean): LiveDifference<T>[] | undefined {
    const bucket = this.#bucket(value);
    const present = this.#buckets.get(bucket) ?? [];
    const at = this.#find(present, value);
    if (type === 'set') {
      // Either another equal object, or the one that the snapshot contains.
      if (replay && at >= 0) return undefined;
      assignNumber(value, this.#equalTo(value, present));
      this.#put(bucket, [...present, value]);
      return [{ type: 'added', value }];
    }
    const gone = present[at];
    if (gone === undefined) return [];
    this.#put(bucket, present.toSpliced(at, 1));
    return [{ type: 'removed', value: gone }];
  }

  /** Replaces all objects; returns the differences. */
  replace(rows: Iterable<T>): LiveDifference<T>[] {
    const before = this.#buckets;
    this.#buckets = new Map();
    for (const row of rows) this.add(row);
    const changes: LiveDifference<T>[] = [];
    for (const bucket of new Set([...before.keys(), ...this.#buckets.keys()])) {
      changes.push(...this.#compare(before.get(bucket) ?? [], this.#buckets.get(bucket) ?? []));
    }
    return changes;
  }

  /** Returns a string that names an object as long as it exists: its content, and a number if it has an equal one. */
  keyOf(value: T): string {
    const content = Object.entries(this.#significant(value)).filter(([name]) => !this.#volatile.has(name));
    const sorted = content.sort(([one], [other]) => (one < other ? -1 : 1));
    return numberedKey(stringify(Object.fromEntries(sorted), { secrets: true }), value);
  }

  /** Adds the objects that the store does not hold. Of those that it holds it keeps as many as there are rows: a dump may repeat a row. */
  fill(rows: Iterable<T>): void {
    const older = new MultisetStore<T>(this.#options);
    older.replace(rows);
    for (const [bucket, values] of older.#buckets) {
      const present = this.#buckets.get(bucket) ?? [];
      const left = [...values];
      const kept = present.filter((value) => {
        const at = this.#find(left, value);
        if (at >= 0) left.splice(at, 1);
        return at >= 0 || this.#find(values, value) < 0;
      });
      this.#put(bucket, kept);
      for (const value of values) if (this.#find(present, value) < 0) this.add(value);
    }
  }

  /** Returns true if objects are equal. */
  hasEqual(): boolean {
    for (const values of this.#buckets.values()) if (values.some((value, at) => this.#find(values.slice(0, at), value) >= 0)) return true;
    return false;
  }

  /** Adds a row of a reading. */
  add(value: T): void {
    const bucket = this.#bucket(value);
    const present = this.#buckets.get(bucket) ?? [];
    if (present.length > 0) assignNumber(value, this.#equalTo(value, present));
    this.#put(bucket, [...present, value]);
  }

  #put(bucket: unknown, values: readonly T[]): void {
    if (values.length === 0) this.#buckets.delete(bucket);
    else this.#buckets.set(bucket, values);
  }

  #equalTo(value: T, values: readonly T[]): T[] {
    return values.filter((one) => one !== value && this.#find([one], value) === 0);
  }

  #find(values: readonly T[], value: T): number {
    return values.findIndex((one) => differences(this.#significant(one), this.#significant(value), this.#volatile).length === 0);
  }

  #compare(before: readonly T[], after: readonly T[]): LiveDifference<T>[] {
    const left = [...before];
    const changes: LiveDifference<T>[] = [];
    const numbered: T[] = [];
    const added: T[] = [];
    for (const value of after) {
      const at = this.#find(left, value);
      const [previous] = at < 0 ? [] : left.splice(at, 1);
      if (previous === undefined) added.push(value);
      else {
        passNumber(previous, value);
        numbered.push(value);
      }
      const properties = previous === undefined ? [] : differences(previous, value, this.#volatile);
      if (previous === undefined) changes.push({ type: 'added', value });
      else if (properties.length > 0) changes.push(changed(previous, value, properties));
    }
    for (const value of added) {
      assignNumber(value, this.#equalTo(value, numbered));
      numbered.push(value);
    }
    return [...left.map((value) => ({ type: 'removed', value }) as const), ...changes];
  }
}
