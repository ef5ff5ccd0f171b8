import { exhaustMap, timer, type Observable } from 'rxjs';

/** The time between two readings of what the kernel reports no changes of. */
const EVERY_MS = 1000;

/** Reads again and again: counters, and objects of which the kernel sends no events. */
export function polled<T>(read: () => Observable<T>): Observable<T> {
  return timer(0, EVERY_MS).pipe(exhaustMap(read));
}
