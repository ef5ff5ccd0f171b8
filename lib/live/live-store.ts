import type { LiveDifference, LiveEvent } from './live-change.js';

/** An event about an object. @public */
export type LiveObjectEvent<T> = Exclude<LiveEvent<T>, { readonly type: 'silent' }>;

/**
 * What a live collection holds, and how events change it. Pure: events in, differences out.
 *
 * @public
 */
export interface LiveStore<T> {
  /** All objects. */
  entries(): T[];
  /**
   * Takes an event.
   *
   * @param replay - The event was heard while the objects were read: it may be older than what was read, or newer.
   * @returns What it changed; undefined where the event cannot be understood without reading everything again.
   */
  apply(event: LiveObjectEvent<T>, replay: boolean): LiveDifference<T>[] | undefined;
  /** Takes everything anew; returns what differs. */
  replace(rows: Iterable<T>): LiveDifference<T>[];
  /** Adds those objects of whose key there is none. */
  fill(rows: Iterable<T>): void;
}
