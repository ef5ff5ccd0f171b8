import { catchError, EMPTY, filter, finalize, from, map, merge, mergeMap, type Observable, of, scan, throwError, toArray } from 'rxjs';
import { isNetworkError, namespaces, network, type Network, type NetworkOptions } from '../../network/index.js';
import type { Output } from '../output/output.js';
import { printable } from '../output/printable.js';
import type { ListingOptions } from './listing.js';

/** An object, and the name of its namespace if objects of several are listed. */
export interface Listed<T> {
  readonly row: T;
  readonly namespace?: string;
}

/** Reads the objects of one network. */
export type Read<T> = (net: Network, options: NetworkOptions) => Observable<readonly T[]>;

/** Reads the namespace that the options name, the present one, or all that have a name. */
export function readNamespaces<T>(read: Read<T>, options: ListingOptions, output: Output): Observable<readonly Listed<T>[]> {
  if (options.allNamespaces !== true)
    return inOne(read, options.netns === undefined ? {} : { netns: options.netns }).pipe(map((rows) => rows.map((row) => ({ row }))));
  return options.watch === true ? watchAll(read, output) : listAll(read);
}

function inOne<T>(read: Read<T>, options: NetworkOptions): Observable<readonly T[]> {
  const net = network(options);
  return read(net, options).pipe(
    finalize(() => {
      net.close();
    }),
  );
}

/** The number of namespaces that are open at once. */
const AT_ONCE = 16;

/** Lists the objects of all namespaces, in the order of their names. One that is deleted meanwhile, or lacks what the filter names, has none. */
function listAll<T>(read: Read<T>): Observable<readonly Listed<T>[]> {
  return namespaces.list().pipe(
    mergeMap((all) => from(all)),
    mergeMap(
      ({ name, path }, index) =>
        inOne(read, { netns: path }).pipe(
          catchError((error: unknown) => (isNetworkError(error, 'missing') ? of([]) : throwError(() => error))),
          map((rows) => ({ index, listed: rows.map((row) => ({ row, namespace: name })) })),
        ),
      AT_ONCE,
    ),
    toArray(),
    map((groups) => groups.sort((one, other) => one.index - other.index).flatMap(({ listed }) => listed)),
  );
}

/** Emits the objects of all namespaces, and again when one changes, appears or disappears. */
function watchAll<T>(read: Read<T>, output: Output): Observable<readonly Listed<T>[]> {
  const read$ = namespaces
    .all((net, { path }) => read(net, { netns: path }))
    .pipe(
      mergeMap(({ namespace: { name }, value, error }) => {
        if (error === undefined) return of({ name, rows: value });
        output.note(printable(`rxnetlink: namespace ${name}: ${error.message}`));
        return EMPTY;
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
