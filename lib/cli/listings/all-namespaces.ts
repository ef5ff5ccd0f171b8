import { catchError, filter, from, map, merge, mergeMap, type Observable, of, scan, throwError, toArray } from 'rxjs';
import { namespaces } from '../../network/index.js';
import type { Output } from '../output/output.js';
import { noteNamespaceFailure } from '../output/namespace-failure.js';
import type { Listed, Read } from './listing.js';

/** The number of namespaces that are open at once. */
const AT_ONCE = 16;

/** Lists the objects of all namespaces, in the order of their names. One that is deleted meanwhile, or lacks what the filter names, has none. */
export function listAll<T>(read: Read<T>): Observable<readonly Listed<T>[]> {
  return namespaces.list().pipe(
    mergeMap((all) => from(all)),
    mergeMap(
      ({ name, path }, index) =>
        read({ netns: path }).pipe(
          catchError((error: unknown) => (isAbsent(error) ? of([]) : throwError(() => error))),
          map((rows) => ({ index, listed: rows.map((row) => ({ row, namespace: name })) })),
        ),
      AT_ONCE,
    ),
    toArray(),
    map((groups) => groups.sort((one, other) => one.index - other.index).flatMap(({ listed }) => listed)),
  );
}

/**
 * True if a namespace was deleted before it was opened (`missing`) or while it was read (`netns`), or lacks what the filter names (`missing`).
 * The error may be of a class of another copy of the library: that of the table.
 */
function isAbsent(error: unknown): boolean {
  const reason = error instanceof Error && 'reason' in error ? error.reason : undefined;
  return reason === 'missing' || reason === 'netns';
}

/** Emits the objects of all namespaces, and again when one changes, appears, fails or disappears. */
export function watchAll<T>(read: Read<T>, output: Output): Observable<readonly Listed<T>[]> {
  const read$ = namespaces
    .all((_, { path }) => read({ netns: path }))
    .pipe(
      map(({ namespace: { name }, value, error }) => {
        if (error !== undefined) noteNamespaceFailure(output, name, error.message);
        // What a namespace had before its failure is not true any more.
        return { name, rows: value };
      }),
    );
  const removed$ = namespaces.watch().pipe(
    filter((change) => change.type === 'removed'),
    map((change) => ({ name: change.value.name, rows: undefined })),
  );
  return merge(read$, removed$).pipe(
    scan((known, { name, rows }) => {
      if (rows === undefined) known.delete(name);
      else known.set(name, rows);
      return known;
    }, new Map<string, readonly T[]>()),
    map((known) =>
      [...known].sort(([one], [other]) => (one < other ? -1 : 1)).flatMap(([name, rows]) => rows.map((row) => ({ row, namespace: name }))),
    ),
  );
}
