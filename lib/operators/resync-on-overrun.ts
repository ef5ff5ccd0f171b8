import { defer, from, merge, Observable, of, retry, Subject, switchAll, tap, throwError } from 'rxjs';
import type { ObservableInput, OperatorFunction } from 'rxjs';
import { checkFunction } from '../check/index.js';
import { OverrunError } from '../errors/index.js';

/**
 * Subscribes again after an overrun, and lets the caller read stale state again.
 *
 * An overrun loses messages, so state that was built from them is stale: read it again in `onOverrun`. The operator emits
 * what `onOverrun` returns, a marker or the new state. It subscribes to that before it subscribes to the source, so the marker
 * is emitted at the gap. A second overrun replaces a read that has not completed.
 *
 * The operator subscribes again within the same turn, so the socket keeps its descriptor and groups. Use it on streams of
 * notifications, not on `request()`, which it would send again. Do not use a bare `retry()`: it retries a socket that
 * cannot be opened for ever. This operator handles overruns only, and none that occurs while it subscribes.
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
 * @param onOverrun - Called at each overrun; the operator emits what the returned input emits.
 * @returns An operator that subscribes to its source again after an {@link OverrunError}. It passes other errors on.
 * @example Events, and null where the kernel dropped some
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
  if (onOverrun !== undefined) checkFunction('resyncOnOverrun(): onOverrun', onOverrun);
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
