import { existsSync } from 'node:fs';
import { EMPTY, catchError, defer, filter, finalize, from, map, mergeMap, of, share, takeUntil, throwError, type Observable } from 'rxjs';
import { checkOptionNames } from '../../check/index.js';
import type { LiveChange } from '../../live/index.js';
import { network, type Network } from '../network.js';
import { DIRECTORY, type Namespace, type NamespaceOptions } from './namespace.js';
import { readNamespaces } from './read-namespaces.js';
import { watchNamespaces } from './watch-namespaces.js';

const OPTIONS: ReadonlySet<string> = new Set<keyof NamespaceOptions>(['directory']);

/** The verbs on named network namespaces. @public */
export interface Namespaces {
  /** Emits the namespaces of a directory, as `ip netns list` lists those of `/run/netns`, as one array. */
  list(options?: NamespaceOptions): Observable<readonly Namespace[]>;
  /** Emits the namespaces of a directory, then every change. */
  watch(options?: NamespaceOptions): Observable<LiveChange<Namespace>>;
  /**
   * Subscribes to a stream in each namespace, as long as the namespace has its name, and emits the values of all of them.
   *
   * @param project - Returns the stream of a namespace. The network is closed when the stream ends or the namespace disappears.
   * @example Every new link of every container
   * ```ts
   * namespaces.all((net) => net.clients.link.watch('getlink')).subscribe(({ namespace, value }) => console.log(namespace.name, value.type));
   * ```
   */
  all<T>(
    project: (net: Network, namespace: Namespace) => Observable<T>,
    options?: NamespaceOptions,
  ): Observable<{ readonly namespace: Namespace; readonly value: T }>;
}

/** Named network namespaces: those of `ip netns`, or of another directory. @public */
export const namespaces: Namespaces = {
  list: (options = {}) => {
    const directory = directoryOf('namespaces.list', options);
    return defer(() => of(readNamespaces(directory).namespaces));
  },
  watch: (options = {}) => watchNamespaces(directoryOf('namespaces.watch', options)),
  all: (project, options = {}) => {
    const directory = directoryOf('namespaces.all', options);
    return defer(() => {
      const changes = watchNamespaces(directory).pipe(share());
      return changes.pipe(
        mergeMap((change) => from(change.type === 'synced' ? change.entries : change.type === 'added' ? [change.value] : [])),
        mergeMap((namespace) => {
          const gone = changes.pipe(
            filter((change) => change.type === 'removed' && change.value.inode === namespace.inode && change.value.name === namespace.name),
          );
          return inNamespace(namespace, project).pipe(takeUntil(gone));
        }),
      );
    });
  },
};

function inNamespace<T>(
  namespace: Namespace,
  project: (net: Network, namespace: Namespace) => Observable<T>,
): Observable<{ readonly namespace: Namespace; readonly value: T }> {
  return defer(() => {
    const net = network({ netns: namespace.path });
    return project(net, namespace).pipe(
      map((value) => ({ namespace, value })),
      // The name may disappear before the stream has opened its socket.
      catchError((error: unknown) => (existsSync(namespace.path) ? throwError(() => error) : EMPTY)),
      finalize(() => net.close()),
    );
  });
}

function directoryOf(verb: string, options: NamespaceOptions): string {
  checkOptionNames(verb, options, OPTIONS);
  return options.directory ?? DIRECTORY;
}
