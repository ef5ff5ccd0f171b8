import { Observable, asyncScheduler, concat, concatMap, defer, ignoreElements, of, timer } from 'rxjs';
import { DumpInterruptedError } from '../../errors/index.js';
import type { LiveStore } from '../stores/live-store.js';

/** One reading of a table. @internal */
export interface Reading<T> {
  /** Holds the rows. */
  readonly store: LiveStore<T>;
  /** The kernel has marked the dump as inconsistent. */
  interrupted: boolean;
}

/** The streams from which one consistent snapshot is read. @internal */
export interface SnapshotSource<T> {
  /** Emits all rows of the table, then completes. */
  readonly snapshot: () => Observable<T>;
  /** Completes when all events that were queued before its subscription have been delivered. */
  readonly barrier: () => Observable<unknown>;
  /** Completes when the change behind the last event is done, so that a snapshot contains its outcome. */
  readonly settled: () => Observable<unknown>;
}

/** A step of {@link readSnapshot}. @internal */
export type SnapshotStep =
  /** The delay is over; `settled` is subscribed to next. */
  | { readonly type: 'settling' }
  /** The snapshot is subscribed to next. */
  | { readonly type: 'begun' }
  /** All rows that were read, and all events up to then have been delivered. */
  | { readonly type: 'read'; readonly duration: number };

/** Delays in milliseconds before the table is read again, by the number of failures. */
const DELAYS = [0, 5, 20, 50, 100, 250, 500, 1000];
const LONGEST_DELAY = 1000;

/** Shortest delay after a `silent` event in milliseconds: these events often arrive in bursts. */
const SILENT_DELAY = 10;

/** Returns the delay in milliseconds before a reading that follows this many failures. @internal */
export function retryDelay(failures: number): number {
  return DELAYS[Math.min(failures, DELAYS.length - 1)] ?? LONGEST_DELAY;
}

/**
 * Returns the delay in milliseconds before a reading that a `silent` event demands.
 *
 * @param duration - Duration of the last reading: a stream of `silent` events makes the loop read at most half of the time.
 * @internal
 */
export function silentDelay(duration: number): number {
  return Math.min(Math.max(SILENT_DELAY, duration), LONGEST_DELAY);
}

/**
 * Reads the table once: waits for the delay and for `settled`, reads the rows, and waits for the barrier.
 *
 * @param source - Its snapshot keeps the rows itself; see {@link readTable}.
 * @param delay - Milliseconds before the reading.
 * @internal
 */
export function readSnapshot({ snapshot, barrier, settled }: SnapshotSource<never>, delay: number): Observable<SnapshotStep> {
  return timer(delay).pipe(
    concatMap(() => {
      let began = 0;
      const begin = defer(() => {
        began = asyncScheduler.now();
        return of<SnapshotStep>({ type: 'begun' });
      });
      const end = defer(() => of<SnapshotStep>({ type: 'read', duration: asyncScheduler.now() - began }));
      return concat(of<SnapshotStep>({ type: 'settling' }), without(settled), begin, defer(snapshot), without(barrier), end);
    }),
  );
}

function without(signal: () => Observable<unknown>): Observable<never> {
  return defer(signal).pipe(ignoreElements());
}

/**
 * Adds the rows of a table to a reading as they arrive. An interrupted dump is not an error: the rows that it emitted are kept.
 *
 * @param previous - The objects before the reading.
 * @internal
 */
export function readTable<T>(rows: Observable<T>, reading: Reading<T>, previous: LiveStore<T>): Observable<never> {
  const { store } = reading;
  return new Observable((subscriber) =>
    rows.subscribe({
      next: (row) => store.add(row, previous),
      error: (error: unknown) => {
        reading.interrupted = error instanceof DumpInterruptedError;
        if (reading.interrupted) subscriber.complete();
        else subscriber.error(error);
      },
      complete: () => subscriber.complete(),
    }),
  );
}
