import { defer, from, merge, Observable, of, retry, Subject, switchAll, tap, throwError } from 'rxjs';
import type { ObservableInput, OperatorFunction } from 'rxjs';
import { OverrunError } from '../errors/index.js';

/**
 * Goes on after an overrun: subscribes again at once, and lets state be read again that has become stale.
 *
 * Some messages are lost then, for good. Whatever was built from them is wrong until it is read anew: `onOverrun` is where
 * to do that. What it returns is emitted too, a marker or the new state; it is subscribed to before the source is, so that
 * a marker stands where the gap is. A second overrun takes the place of a reading that still goes on.
 *
 * A socket keeps its descriptor and groups for those who come back within the turn, as this does. Put it on streams of
 * notifications, not on `request()`: that would ask again. In place of a bare `retry()`, which would try a socket that cannot be
 * opened without end: only overruns count here, and none that comes while subscribing.
 *
 * ```text
 * 1st:     --a--b--#              # = an overrun
 * 2nd:             ---c--d--
 * reading:         -m|
 *          resyncOnOverrun(() => reading)
 * result:  --a--b---m-c--d--
 * source:  ^-------!
 * source:          ^--------
 * ```
 *
 * @param onOverrun - Called at each overrun; what it returns, if anything, is emitted among the rest.
 * @returns An operator that subscribes to its source again after an {@link OverrunError}. Other errors pass.
 * @example Events, and `null` wherever some are missing
 * ```ts
 * socket.multicast(1).pipe(resyncOnOverrun(() => of(null)));
 * ```
 * @example Read the table again
 * ```ts
 * socket.multicast(1).pipe(resyncOnOverrun(() => socket.request({ type: 18, flags: MessageFlags.Dump })));
 * ```
 * @public
 */
export function resyncOnOverrun<T, R = never>(
  onOverrun?: (error: OverrunError) => ObservableInput<R> | undefined | void,
): OperatorFunction<T, T | R> {
  return (source) =>
    defer(() => {
      const readings = new Subject<Observable<R>>();
      let subscribing = false;
      const events = new Observable<T>((subscriber) => {
        subscribing = true;
        const subscription = source.subscribe(subscriber);
        subscribing = false;
        return subscription;
      });
      const resync = (error: unknown): Observable<unknown> => {
        if (!(error instanceof OverrunError) || subscribing) return throwError(() => error as Error);
        const reading = onOverrun?.(error);
        if (reading !== undefined) readings.next(from(reading));
        return of(undefined);
      };
      const end = { complete: () => readings.complete() };
      return merge(readings.pipe(switchAll()), events.pipe(retry({ delay: resync }), tap(end)));
    });
}
