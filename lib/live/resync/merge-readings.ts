import type { LiveDifference, LiveEvent } from '../live-change.js';
import type { LiveStore } from '../stores/live-store.js';
import { MAX_READINGS } from './live-state.js';
import type { Reading } from './read-snapshot.js';

/** The readings that are not merged yet. @internal */
export interface Readings<T> {
  /** The oldest first. */
  readonly found: readonly Reading<T>[];
  /** The events since the first of these readings began. */
  readonly buffered: readonly LiveEvent<T>[];
}

/**
 * Returns what to merge; undefined if rows of the last reading may be missing or repeated, so that the next one is merged with it.
 *
 * A store with equal objects cannot recognize an event that a reading already contains. Its whole reading replaces everything before it.
 *
 * @param before - Number of events that were buffered before the last reading began.
 * @internal
 */
export function readingsToMerge<T>(deletesInterrupt: boolean, { found, buffered }: Readings<T>, before: number): Readings<T> | undefined {
  const last = found.at(-1)!;
  const during = buffered.slice(before);
  const isMissing = last.interrupted || (deletesInterrupt && during.some(({ type }) => type === 'delete'));
  const isRepeated = during.some(({ type }) => type !== 'silent') && last.store.hasEqual?.() === true;
  if (isMissing || isRepeated) return found.length < MAX_READINGS ? undefined : { found, buffered };
  if (last.store.hasEqual === undefined) return { found, buffered };
  return { found: [last], buffered: [...buffered.slice(0, before).filter(({ type }) => type === 'silent'), ...during] };
}

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
 * Merges readings, then applies the events that were buffered since the first one began. Changes the store of the last reading.
 *
 * @param readings - A newer reading takes precedence; older ones fill its gaps.
 * @internal
 */
export function mergeReadings<T>({ found, buffered }: Readings<T>): MergedReadings<T> {
  const { store } = found.at(-1)!;
  let certain = true;
  let silent = false;
  for (const older of found.slice(0, -1).toReversed()) store.fill(older.store.entries());
  for (const event of buffered) {
    if (event.type === 'silent') silent = true;
    else if (store.apply(event, true) === undefined) certain = false;
  }
  return { store, certain, silent };
}

/** Replaces the objects of a store by those of a newer one; returns the differences. @internal */
export function replaceBy<T>(store: LiveStore<T>, newer: LiveStore<T>): LiveDifference<T>[] {
  return store.replaceBy?.(newer) ?? store.replace(newer.entries());
}
