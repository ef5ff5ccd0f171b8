import type { LiveEvent } from '../live-change.js';
import type { LiveStore } from '../stores/live-store.js';

/** The outcome of {@link mergeReadings}. @internal */
export interface MergedReadings<T> {
  /** The table at the end of the last reading. */
  readonly store: LiveStore<T>;
  /** False if the store could not interpret an event, so that its contents may be wrong. */
  readonly certain: boolean;
  /** True if objects may have changed without an event of their own while the table was read. */
  readonly silent: boolean;
}

/**
 * Fills a store with the rows of one or more readings, then applies the events that were buffered since the first one began.
 *
 * @param store - An empty store.
 * @param found - The rows of the readings, the oldest first. A newer reading takes precedence; older ones fill its gaps.
 * @internal
 */
export function mergeReadings<T>(
  store: LiveStore<T>,
  found: readonly (readonly T[])[],
  buffered: readonly LiveEvent<T>[],
): MergedReadings<T> {
  let certain = true;
  let silent = false;
  for (const rows of found.toReversed()) store.fill(rows);
  for (const event of buffered) {
    if (event.type === 'silent') silent = true;
    else if (store.apply(event, true) === undefined) certain = false;
  }
  return { store, certain, silent };
}
