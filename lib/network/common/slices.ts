import { asyncScheduler, Observable, type Subscription } from 'rxjs';

/** The longest time in milliseconds that work runs before other events are handled. */
const SLICE = 4;

/** The number of elements between two readings of the clock. */
const STRIDE = 32;

/** The end of the slice that runs now. */
let sliceEnd = 0;

/** Work on many objects: a generator that pauses where other events can be handled, and returns the result. @internal */
export type Work<T> = Generator<undefined, T, undefined>;

/**
 * Does work in slices of a few milliseconds and emits its result. Work that is shorter than one slice ends at once.
 *
 * An error of the work is the error signal. Unsubscribing ends the work at its next pause.
 *
 * @param begin - Returns the work; called at each subscription.
 * @internal
 */
export function inSlices<T>(begin: () => Work<T>): Observable<T> {
  return new Observable((subscriber) => {
    const work = begin();
    let waiting: Subscription | undefined;
    const run = (): void => {
      let result: IteratorResult<undefined, T>;
      try {
        sliceEnd = performance.now() + SLICE;
        do result = work.next();
        while (result.done !== true && !subscriber.closed && performance.now() < sliceEnd);
      } catch (error) {
        subscriber.error(error);
        return;
      }
      // A visit may have unsubscribed.
      if (subscriber.closed) return;
      if (result.done === true) {
        subscriber.next(result.value);
        subscriber.complete();
      } else waiting = asyncScheduler.schedule(run); // It also runs in virtual time.
    };
    run();
    return () => waiting?.unsubscribe();
  });
}

/**
 * Returns true if the slice that runs now is over: work that is not done by `each` pauses then.
 *
 * A pause passes through all generators that wait for the one that pauses, so that it is made only where it is needed.
 *
 * @internal
 */
export function isSliceOver(): boolean {
  return performance.now() >= sliceEnd;
}

/** Does work without a pause, and returns its result. @internal */
export function atOnce<T>(work: Work<T>): T {
  for (;;) {
    const result = work.next();
    if (result.done === true) return result.value;
  }
}

/** Calls a function with each element. @internal */
export function* each<T>(elements: readonly T[], visit: (element: T, index: number) => void): Work<void> {
  for (let first = 0; first < elements.length; first += STRIDE) {
    visitSome(elements, first, visit);
    if (isSliceOver()) yield;
  }
}

/** Calls a function with some elements. V8 would optimize a loop over all of them in the generator again for each long list. */
function visitSome<T>(elements: readonly T[], first: number, visit: (element: T, index: number) => void): void {
  const end = Math.min(first + STRIDE, elements.length);
  for (let index = first; index < end; index++) visit(elements[index]!, index);
}

/** Returns the results of a function for each element, except those that are undefined. @internal */
export function* translated<T, R>(elements: readonly T[], translate: (element: T, index: number) => R | undefined): Work<R[]> {
  const results: R[] = [];
  for (let first = 0; first < elements.length; first += STRIDE) {
    translateSome(elements, first, translate, results);
    if (isSliceOver()) yield;
  }
  return results;
}

/** Adds the results of some elements, by a function of its own for the same reason. */
function translateSome<T, R>(
  elements: readonly T[],
  first: number,
  translate: (element: T, index: number) => R | undefined,
  results: R[],
): void {
  const end = Math.min(first + STRIDE, elements.length);
  for (let index = first; index < end; index++) {
    const result = translate(elements[index]!, index);
    if (result !== undefined) results.push(result);
  }
}
