import { catchError, defer, filter, from, map, merge, mergeMap, type Observable, of, scan, toArray } from 'rxjs';
import { namespaces, type Namespace } from '../../network/index.js';
import { isThere } from '../../network/internal.js';
import type { Output } from '../output/output.js';
import { noteNamespaceFailure } from '../output/namespace-failure.js';
import { namespacePlaces } from '../run/namespace-place.js';
import { isUsageError } from '../run/usage-error.js';
import type { Read, Reading } from './listing.js';
import { isWrongFilter } from './wrong-filter.js';

/** The number of namespaces that are open at once. */
const AT_ONCE = 16;

/** The objects of a namespace, or the reason why they cannot be read. */
interface Group<T> {
  readonly index: number;
  readonly namespace: Namespace;
  readonly rows: readonly T[];
  readonly failure?: string;
}

/**
 * Lists the objects of all namespaces, in the order of their names. One that is deleted meanwhile, or lacks what the filter names, has none.
 * The failure of one is a line on standard error, and the others are listed.
 */
export function listAll<T>(read: Read<T>, output: Output): Observable<Reading<T>> {
  return defer(() => {
    const placeOf = namespacePlaces();
    return namespaces.list().pipe(
      mergeMap((all) => from(all)),
      mergeMap(
        (namespace, index) =>
          read(placeOf(namespace)).pipe(
            map((rows): Group<T> => ({ index, namespace, rows })),
            catchError((error: unknown) => {
              if (isWrongFilter(error) || isUsageError(error)) throw error;
              const failure = isAbsent(error) || !isThere(namespace) ? {} : { failure: (error as Error).message };
              return of<Group<T>>({ index, namespace, rows: [], ...failure });
            }),
          ),
        AT_ONCE,
      ),
      toArray(),
      map((found) => {
        const groups = found.sort((one, other) => one.index - other.index);
        for (const { namespace, failure } of groups) if (failure !== undefined) noteNamespaceFailure(output, namespace.name, failure);
        return {
          rows: groups.flatMap(({ namespace, rows }) => rows.map((row) => ({ row, namespace: namespace.name }))),
          isPartial: groups.some(({ failure }) => failure !== undefined),
        };
      }),
    );
  });
}

/**
 * True if a namespace was deleted before it was opened (`missing`) or while it was read (`netns`), or lacks what the filter names (`missing`).
 * `isThere` recognizes a third case: `ip netns delete` has unmounted the namespace and not yet deleted its file, which fails with EINVAL.
 * The error may be of a class of another copy of the library: that of the table.
 */
function isAbsent(error: unknown): boolean {
  const reason = error instanceof Error && 'reason' in error ? error.reason : undefined;
  return reason === 'missing' || reason === 'netns';
}

/** Emits the objects of all namespaces, and again when one changes, appears, fails or disappears. */
export function watchAll<T>(read: Read<T>, output: Output): Observable<Reading<T>> {
  const placeOf = namespacePlaces();
  const read$ = namespaces
    .all((_, namespace) => read(placeOf(namespace)))
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
    map((known) => ({
      rows: [...known]
        .sort(([one], [other]) => (one < other ? -1 : 1))
        .flatMap(([name, rows]) => rows.map((row) => ({ row, namespace: name }))),
    })),
  );
}
