import { catchError, concat, concatWith, defer, ignoreElements, of, retry, tap, throwError, timer } from 'rxjs';
import type { MonoTypeOperatorFunction, Observable } from 'rxjs';
import { checkOptionNames, checkTime } from '../check/index.js';
import { DumpInterruptedError } from '../errors/index.js';

/** Options of {@link retryInterruptedDump}. @public */
export interface RetryInterruptedDumpOptions {
  /**
   * The number of further dumps before the operator fails.
   * @defaultValue 3
   */
  readonly count?: number;
  /**
   * The time before each further dump, in milliseconds.
   * @defaultValue 0 (no wait)
   */
  readonly delay?: number;
}

const OPTIONS: ReadonlySet<string> = new Set<keyof RetryInterruptedDumpOptions>(['count', 'delay']);

/**
 * Repeats a dump that a change interrupted; emits only the rows of an uninterrupted dump.
 *
 * The operator holds rows back until their dump has ended, so that it emits none twice: use it on a stream that is one dump,
 * not on one that never completes. Dumps of routes, rules and neighbours never report an interruption. On a busy machine
 * every dump of a large table may be interrupted; therefore the number of dumps is bounded.
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
 * @param options - The number of further dumps and the time between them.
 * @returns An operator that subscribes to its source again after a {@link DumpInterruptedError}.
 * @throws {@link DumpInterruptedError} as the error signal, if the last dump was interrupted also; `partial` holds its rows.
 *   Other errors pass after the rows that came before them.
 * @throws RangeError if `count` or `delay` is negative or not a number.
 * @example A consistent list of all links
 * ```ts
 * socket.request({ type: 18, flags: MessageFlags.Dump }).pipe(retryInterruptedDump({ count: 5 }), toArray());
 * ```
 * @see {@link untilDone}
 * @public
 */
export function retryInterruptedDump<T>(options: RetryInterruptedDumpOptions = {}): MonoTypeOperatorFunction<T> {
  checkOptionNames('retryInterruptedDump()', options, OPTIONS);
  const { count = 3, delay = 0 } = options;
  if (!Number.isInteger(count) || count < 0)
    throw new RangeError(`retryInterruptedDump(): count is ${count}; expected a non-negative integer`);
  checkTime('retryInterruptedDump(): delay', delay);
  const wait = delay === 0 ? of(0) : timer(delay);
  return (source) =>
    wholeDumpOf(source).pipe(
      retry({ count, delay: (error) => (error instanceof DumpInterruptedError ? wait : throwError(() => error as Error)) }),
    );
}

/** Emits all rows at the end; an interruption moves them into the error. */
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
