import { distinctUntilChanged, map, type OperatorFunction } from 'rxjs';
import type { LiveChange } from '../../live/index.js';
import type { Cell } from '../protocol.js';

/** The cells of an object, in the order of the columns. */
export type Cells = readonly Cell[];

/**
 * A change of the rows of a table: all of them, or one; null stands for a row that is gone. `state` has the reason why the rows may be out of
 * date from now on, or ends it.
 */
export type RowsChange =
  | { readonly type: 'all'; readonly rows: ReadonlyMap<string, Cells> }
  | { readonly type: 'row'; readonly key: string; readonly cells: Cells | null }
  | { readonly type: 'state'; readonly error: string | undefined };

/** The translation of objects to rows. */
export interface RowsOf<T> {
  /** Returns the words by which people know an object. Several objects may have the same. */
  readonly nameOf: (object: T) => string;
  readonly cellsOf: (object: T) => Cells;
}

/** Translates the changes of a collection, or lists that are read again and again, to rows with keys. */
export function toRows<T extends object>({ nameOf, cellsOf }: RowsOf<T>): OperatorFunction<LiveChange<T> | readonly T[], RowsChange> {
  return (source) => {
    const keys = new ObjectKeys(nameOf);
    const row = (key: string, object: T | undefined): RowsChange => ({
      type: 'row',
      key,
      cells: object === undefined ? null : cellsOf(object),
    });
    const all = (objects: readonly T[]): RowsChange => {
      keys.clear();
      return { type: 'all', rows: new Map(objects.map((object) => [keys.add(object), cellsOf(object)])) };
    };
    return source.pipe(
      map((change) => {
        if (!('type' in change)) return all(change);
        switch (change.type) {
          case 'synced':
            return all(change.entries);
          case 'added':
            return row(keys.add(change.value), change.value);
          case 'changed':
            return row(keys.exchange(change.previous, change.value), change.value);
          case 'removed':
            return row(keys.remove(change.value), undefined);
        }
      }),
    );
  };
}

/** Translates maps to rows. An object that is in the map again has the same cells. */
export function mapToRows<T extends object>(cellsOf: (object: T) => Cells): OperatorFunction<ReadonlyMap<string, T>, RowsChange> {
  return (source) => {
    const known = new WeakMap<T, Cells>();
    const cells = (object: T): Cells => {
      const made = known.get(object) ?? cellsOf(object);
      known.set(object, made);
      return made;
    };
    return source.pipe(
      distinctUntilChanged(),
      map((objects) => ({ type: 'all', rows: new Map([...objects].map(([key, object]) => [key, cells(object)])) })),
    );
  };
}

/** The keys of objects: their words, with a number if another object has the same. */
class ObjectKeys<T extends object> {
  readonly #nameOf: (object: T) => string;
  readonly #keys = new WeakMap<T, string>();
  readonly #used = new Set<string>();

  constructor(nameOf: (object: T) => string) {
    this.#nameOf = nameOf;
  }

  clear(): void {
    this.#used.clear();
  }

  add(object: T): string {
    const name = this.#nameOf(object);
    let key = name;
    for (let count = 2; this.#used.has(key); count++) key = `${name} #${count}`;
    return this.#put(object, key);
  }

  /** Returns the key of a changed object. It stays the same, also if the words are others now. */
  exchange(previous: T, object: T): string {
    return this.#put(object, this.#keys.get(previous) ?? this.#nameOf(previous));
  }

  remove(object: T): string {
    const key = this.#keys.get(object) ?? this.#nameOf(object);
    this.#used.delete(key);
    return key;
  }

  #put(object: T, key: string): string {
    this.#keys.set(object, key);
    this.#used.add(key);
    return key;
  }
}
