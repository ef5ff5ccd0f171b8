import type { LiveDifference, LiveEvent } from '../live-change.js';

/** An event about an object. @public */
export type LiveObjectEvent<T> = Exclude<LiveEvent<T>, { readonly type: 'silent' }>;

/**
 * The contents of a live collection. Receives events and returns differences; performs no I/O.
 *
 * @public
 */
export interface LiveStore<T> {
  /** Returns all objects. */
  entries(): T[];
  /**
   * Applies an event.
   *
   * @param replay - True if the event arrived while the snapshot was read: it may be older or newer than the snapshot.
   * @returns The differences; undefined if the event cannot be interpreted without a resync.
   */
  apply(event: LiveObjectEvent<T>, replay: boolean): LiveDifference<T>[] | undefined;
  /** Replaces all objects; returns the differences. */
  replace(rows: Iterable<T>): LiveDifference<T>[];
  /**
   * Replaces all objects by those of a store of the same kind, which is not used afterwards; returns the differences. Without it the entries of that
   * store are given to `replace`.
   */
  replaceBy?(store: LiveStore<T>): LiveDifference<T>[];
  /**
   * Returns a string that names an object of the store, and that stays the same as long as the object exists. Without it the key of the
   * declaration names the object; needed if several objects share a key.
   */
  keyOf?(value: T): string;
  /**
   * Adds a row of a reading to a store that holds earlier rows of it only.
   *
   * @param previous - A store of the same kind with the objects before the reading. If one equals the row, the store may hold that object: most
   * rows have not changed, so that the rows need no memory.
   */
  add(row: T, previous: LiveStore<T>): void;
  /** Adds the objects whose key the store does not hold. */
  fill(rows: Iterable<T>): void;
  /**
   * Returns true if rows of a reading are equal. Needed if the store holds equal objects: a dump of the kernel repeats rows when
   * objects are created meanwhile, and a row that is repeated looks like another object.
   */
  hasEqual?(): boolean;
}
