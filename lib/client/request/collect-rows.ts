import { Observable, retry, throwError, of } from 'rxjs';
import { DumpInterruptedError } from '../../errors/index.js';

/**
 * Collects the rows of a dump in an array, and repeats a dump that a change interrupted.
 *
 * ```text
 * 1st try: --a--b--#             # = interrupted
 * 2nd try:         --c--d--|
 * result:  ----------------(r|)  r = [c, d]
 * ```
 *
 * @param count - Maximum number of repetitions.
 * @throws {@link DumpInterruptedError} as the error signal, if the last try was interrupted; its rows are in `partial`.
 * @internal
 */
export function collectRows<T>(dump: Observable<T>, count: number): Observable<T[]> {
  return new Observable<T[]>((subscriber) => {
    const rows: T[] = [];
    return dump.subscribe({
      next: (row) => void rows.push(row),
      error: (error: unknown) => {
        const interrupted = error instanceof DumpInterruptedError;
        subscriber.error(interrupted ? new DumpInterruptedError(error.operation ?? 'dump', rows) : error);
      },
      complete: () => {
        subscriber.next(rows);
        subscriber.complete();
      },
    });
  }).pipe(retry({ count, delay: (error) => (error instanceof DumpInterruptedError ? of(0) : throwError(() => error as Error)) }));
}
