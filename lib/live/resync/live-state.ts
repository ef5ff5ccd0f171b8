import type { LiveEvent, SyncReason } from '../live-change.js';
import type { Reading } from './read-snapshot.js';

/** The progress since the table was last synced. @internal */
export interface Progress {
  /** The reason that the next `synced` carries. */
  readonly reason: SyncReason;
  /** Number of readings that failed; decides the delay before the next one. */
  readonly failures: number;
  /** Number of readings in a row during which a `silent` event arrived. */
  readonly disturbed: number;
}

/**
 * A reading is scheduled, or waits for `settled`. Events about objects are dropped: the snapshot will contain their outcome.
 *
 * @internal
 */
export interface WaitingState {
  readonly phase: 'waiting';
  readonly progress: Progress;
  /** A `silent` event arrived. What it announces may be unfinished when the snapshot is read. */
  readonly silent: boolean;
}

/** The table is being read. @internal */
export interface ReadingState<T> {
  readonly phase: 'reading';
  readonly progress: Progress;
  /** Events since the first reading began, in their order. */
  readonly buffered: LiveEvent<T>[];
  /** Number of events that were buffered before the present reading began. */
  readonly before: number;
  /** Earlier readings that were interrupted, the oldest first. */
  readonly found: readonly Reading<T>[];
}

/** The table is consistent; events are applied to it and emitted. @internal */
export interface SyncedState {
  readonly phase: 'synced';
  /** Duration of the last reading in milliseconds. */
  readonly duration: number;
}

/** The state of a {@link ResyncLoop}. @internal */
export type LiveState<T> = WaitingState | ReadingState<T> | SyncedState;

/** A loss outranks a `silent` event, and nothing outranks the first reading. */
const RANKS: readonly SyncReason[] = ['silent', 'interrupted', 'overrun', 'initial'];

/** Number of disturbed readings in a row after which `synced` is emitted although the next reading is already due. @internal */
export const MAX_DISTURBED = 5;

/** Number of interrupted readings that are merged: the next one would be interrupted also. @internal */
export const MAX_READINGS = 4;

/** The progress of a new loop. @internal */
export const FIRST_PROGRESS: Progress = { reason: 'initial', failures: 0, disturbed: 0 };

/**
 * Creates the state of a table that is read for the first time since a change of it was missed.
 *
 * @param silent - A `silent` event has arrived whose outcome the snapshot may not contain.
 * @internal
 */
export function beginReading<T>(progress: Progress, silent: boolean): ReadingState<T> {
  const buffered: LiveEvent<T>[] = silent ? [{ type: 'silent' }] : [];
  return { phase: 'reading', progress, buffered, before: buffered.length, found: [] };
}

/** Returns the progress with which a state continues when the table has to be read again for this reason. @internal */
export function nextProgress<T>(state: LiveState<T>, reason: SyncReason): Progress {
  if (state.phase === 'synced') return { reason, failures: 0, disturbed: 0 };
  const { progress } = state;
  return RANKS.indexOf(reason) > RANKS.indexOf(progress.reason) ? { ...progress, reason } : progress;
}
