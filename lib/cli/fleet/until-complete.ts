import { EMPTY, ignoreElements, switchMap, take, takeUntil, timer, type Observable } from 'rxjs';

/** Subscribes until a condition is met after an emission, and all that arrived with it was applied, or a time has passed. */
export function untilComplete(source: Observable<unknown>, isComplete: () => boolean, within: number): Observable<never> {
  return source.pipe(
    // A host that has ended is `added` and then `silent`.
    switchMap(() => (isComplete() ? timer(0) : EMPTY)),
    take(1),
    ignoreElements(),
    takeUntil(timer(within)),
  );
}
