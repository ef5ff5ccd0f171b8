import { Observable, asyncScheduler, concat, concatMap, defer, ignoreElements, of, timer } from 'rxjs';
import { DumpInterruptedError } from '../../errors/index.js';

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
export type SnapshotStep<T> =
  /** The delay is over; `settled` is subscribed to next. */
  | { readonly type: 'settling' }
  /** The snapshot is subscribed to next. */
  | { readonly type: 'begun' }
  /** All rows that were read, and all events up to then have been delivered. */
  | { readonly type: 'read'; readonly rows: readonly T[]; readonly interrupted: boolean; readonly duration: number };

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
 * Reads the table once: waits for the delay and for `settled`, collects the rows, and waits for the barrier.
 *
 * An interrupted dump is not an error: the rows that it emitted are kept, and `interrupted` is true.
 *
 * @param delay - Milliseconds before the reading.
 * @internal
 */
export function readSnapshot<T>({ snapshot, barrier, settled }: SnapshotSource<T>, delay: number): Observable<SnapshotStep<T>> {
  return timer(delay).pipe(
    concatMap(() => {
      const rows: T[] = [];
      let interrupted = false;
      let began = 0;
      const begin = defer(() => {
        began = asyncScheduler.now();
        return of<SnapshotStep<T>>({ type: 'begun' });
      });
      const read = collect(snapshot, rows, () => (interrupted = true));
      const end = defer(() => of<SnapshotStep<T>>({ type: 'read', rows, interrupted, duration: asyncScheduler.now() - began }));
      return concat(of<SnapshotStep<T>>({ type: 'settling' }), without(settled), begin, read, without(barrier), end);
    }),
  );
}

function without(signal: () => Observable<unknown>): Observable<never> {
  return defer(signal).pipe(ignoreElements());
}

/** Collects the rows; completes also when the dump was interrupted. */
function collect<T>(snapshot: () => Observable<T>, rows: T[], onInterrupted: () => void): Observable<never> {
  return new Observable((subscriber) =>
    snapshot().subscribe({
      next: (row) => void rows.push(row),
      error: (error: unknown) => {
        if (!(error instanceof DumpInterruptedError)) {
          subscriber.error(error);
          return;
        }
        onInterrupted();
        subscriber.complete();
      },
      complete: () => subscriber.complete(),
    }),
  );
}
