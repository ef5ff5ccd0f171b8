import type { LiveDifference, LiveEvent } from './live-change.js';

/**
 * What a live collection holds, and how events change it. Pure: events in, differences out.
 *
 * @internal
 */
export interface LiveStore<T> {
  readonly entries: () => T[];
  /**
   * Takes an event.
   *
   * @returns What it changed; undefined where the event cannot be understood without reading everything again.
   */
  apply(event: LiveEvent<T>): LiveDifference<T>[] | undefined;
  /** Takes everything anew; returns what differs. */
  replace(rows: Iterable<T>): LiveDifference<T>[];
}
