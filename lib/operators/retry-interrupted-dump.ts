import { catchError, concat, concatWith, defer, ignoreElements, of, retry, tap, throwError, timer } from 'rxjs';
import type { MonoTypeOperatorFunction, Observable } from 'rxjs';
import { DumpInterruptedError } from '../errors/index.js';

/** How often, and when, {@link retryInterruptedDump} dumps again. @public */
export interface RetryInterruptedDumpOptions {
  /**
   * How many times to dump again before giving up.
   * @defaultValue 3
   */
  readonly count?: number;
  /**
   * How long to wait before each, in milliseconds.
   * @defaultValue 0, which is at once
   */
  readonly delay?: number;
}

/**
 * Dumps again when a dump was interrupted by a change; emits only the rows of one that was not.
 *
 * Rows are held back until their dump has ended well, so that nobody sees one twice: use it on a stream that is one dump,
 * not on one that goes on for ever. Only families that notice interruptions report them; routes, rules and neighbours never do.
 * On a busy machine a large table may never come out in one piece; hence the bound.
 *
 * ```text
 * 1st try: --a--b--#             # = interrupted
 * 2nd try:         --c--d--|
 *          retryInterruptedDump()
 * result:  ----------------(cd|)
 * source:  ^-------!
 * source:          ^-------!
 * ```
 *
 * @param options - How often, and when.
 * @returns An operator that subscribes to its source again after a {@link DumpInterruptedError}.
 * @throws {@link DumpInterruptedError} as the error signal, if the last try was interrupted too; its rows are in `partial`.
 *   Other errors pass, behind the rows that came before them.
 * @throws RangeError if an option is no non-negative number.
 * @example All links, as they were at one time
 * ```ts
 * socket.request({ type: 18, flags: MessageFlags.Dump }).pipe(retryInterruptedDump({ count: 5 }), toArray());
 * ```
 * @see {@link untilDone}
 * @public
 */
export function retryInterruptedDump<T>({ count = 3, delay = 0 }: RetryInterruptedDumpOptions = {}): MonoTypeOperatorFunction<T> {
  if (!Number.isInteger(count) || count < 0)
    throw new RangeError(`retryInterruptedDump(): count is ${count}; expected a non-negative integer`);
  if (!(delay >= 0)) throw new RangeError(`retryInterruptedDump(): delay is ${delay}; expected a non-negative number of milliseconds`);
  const wait = delay === 0 ? of(0) : timer(delay);
  return (source) =>
    wholeDumpOf(source).pipe(
      retry({ count, delay: (error) => (error instanceof DumpInterruptedError ? wait : throwError(() => error as Error)) }),
    );
}

/** Holds all rows back until the end; an interruption takes them with it. */
function wholeDumpOf<T>(source: Observable<T>): Observable<T> {
  return defer(() => {
    const rows: T[] = [];
    return source.pipe(
      tap((row) => rows.push(row)),
      ignoreElements(),
      concatWith(rows),
      catchError((error: unknown) => {
        if (!(error instanceof DumpInterruptedError))
          return concat(
            rows,
            throwError(() => error as Error),
          );
        const partial = rows.length === 0 ? error.partial : rows;
        return throwError(() => new DumpInterruptedError(error.operation ?? 'dump', partial));
      }),
    );
  });
}
