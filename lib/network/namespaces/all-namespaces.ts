import { type Observable, catchError, defer, EMPTY, filter, from, map, mergeMap, of, share, takeUntil, using } from 'rxjs';
import { network, type Network } from '../network.js';
import type { Namespace } from './namespace.js';
import { isThere } from './read-namespaces.js';
import { watchNamespaces } from './watch-namespaces.js';

/** A value of a namespace's stream, or the error that ended this stream. @public */
export type NamespaceValue<T> =
  | {
      /** The namespace. */
      readonly namespace: Namespace;
      /** A value of its stream. */
      readonly value: T;
      readonly error?: undefined;
    }
  | {
      /** The namespace. */
      readonly namespace: Namespace;
      readonly value?: undefined;
      /** The error of its stream; a value that is not an `Error` is the `cause` of one. */
      readonly error: Error;
    };

/** Returns the stream of a namespace. @public */
export type NamespaceProject<T> = (net: Network, namespace: Namespace) => Observable<T>;

/** Subscribes to a stream in each namespace of a directory, as long as it has its name. @internal */
export function allNamespaces<T>(directory: string, project: NamespaceProject<T>): Observable<NamespaceValue<T>> {
  return defer(() => {
    const changes = watchNamespaces(directory).pipe(share());
    return changes.pipe(
      mergeMap((change) => from(change.type === 'synced' ? change.entries : change.type === 'added' ? [change.value] : [])),
      mergeMap((namespace) => {
        const gone = changes.pipe(filter((change) => change.type === 'removed' && isSame(change.value, namespace)));
        return inNamespace(namespace, project).pipe(takeUntil(gone));
      }),
    );
  });
}

function isSame(one: Namespace, other: Namespace): boolean {
  return one.inode === other.inode && one.name === other.name;
}

function inNamespace<T>(namespace: Namespace, project: NamespaceProject<T>): Observable<NamespaceValue<T>> {
  return using(
    () => {
      const net = network({ netns: namespace.path });
      return { net, unsubscribe: () => net.close() };
    },
    // `defer` turns an exception of the project into an error, after which `using` closes the network.
    (resource) => defer(() => project((resource as unknown as { readonly net: Network }).net, namespace)),
  ).pipe(
    map((value) => ({ namespace, value })),
    // The name may disappear before the stream has opened its socket, and before the watch reports it.
    catchError((error: unknown) => (isThere(namespace) ? of({ namespace, error: errorOf(error) }) : EMPTY)),
  );
}

function errorOf(error: unknown): Error {
  return error instanceof Error ? error : new Error(`the stream failed: ${String(error)}`, { cause: error });
}
