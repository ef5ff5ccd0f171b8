import { catchError, concatMap, defer, from, ignoreElements, map, of, reduce, type Observable } from 'rxjs';
import type { Difference } from '../tables/verbs.js';

/** A change with the way back. @internal */
export interface Change {
  readonly run: () => Observable<readonly Difference[]>;
  /** Restores what was there before; also after a part of the change. */
  readonly undo: () => Observable<unknown>;
}

/**
 * Runs changes one after the other; emits the differences.
 *
 * After a failure, all changes are undone, the last one first. The error is that of the change.
 *
 * @param failed - Returns the error; `undoing` is the error of a change that could not be undone.
 * @internal
 */
export function runChanges(
  changes: readonly Change[],
  failed: (error: unknown, undoing: unknown) => unknown,
): Observable<readonly Difference[]> {
  return defer(() => {
    const begun: Change[] = [];
    return from(changes).pipe(
      concatMap((change) => {
        begun.unshift(change);
        return change.run();
      }),
      reduce<readonly Difference[], readonly Difference[]>((all, more) => [...all, ...more], []),
      catchError((error: unknown) => undo(begun).pipe(map((undoing) => fail(failed(error, undoing))))),
    );
  });
}

/** Undoes changes; emits the first error, or undefined. */
function undo(changes: readonly Change[]): Observable<unknown> {
  return from(changes).pipe(
    concatMap((change) =>
      change.undo().pipe(
        ignoreElements(),
        catchError((error: unknown) => of(error)),
      ),
    ),
    reduce((first: unknown, error: unknown) => first ?? error, undefined as unknown),
  );
}

function fail(error: unknown): never {
  throw error;
}
