import { statSync } from 'node:fs';
import {
  asyncScheduler,
  distinctUntilChanged,
  EMPTY,
  filter,
  map,
  merge,
  mergeMap,
  Observable,
  retry,
  Subject,
  tap,
  throttleTime,
  throwError,
  timer,
} from 'rxjs';
import { isNetworkError, namespaces, type Namespaces, type Network } from '../../network/index.js';
import type { Topology } from '../protocol.js';
import { isFinal } from '../streams/is-final.js';
import type { NamespaceRows } from '../tables/namespace-rows.js';
import { buildTopology } from './build-topology.js';
import { NamespaceLinks } from './namespace-links.js';
import { NamespaceNumbers } from './namespace-numbers.js';

/** The shortest time in milliseconds between two topologies. */
const PAUSE_MS = 1000;
/** The time in milliseconds after which the links of another namespace are read again, if they could not be read. */
const RETRY_MS = 5000;

/** The namespace that the tables show. */
export interface OwnNamespace {
  readonly name: string;
  /** Its path, as `setns` needs it. */
  readonly path: string;
  readonly net: Network;
  readonly rows: Observable<NamespaceRows>;
  /** The namespaces that have a name; those of the machine if omitted. */
  readonly named?: Pick<Namespaces, 'all' | 'watch'>;
}

const DENIED = 'The links of other namespaces are not shown: reading them needs CAP_SYS_ADMIN.';
const WITH_ADDRESSES = { with: 'addresses' } as const;

/** Emits the links of all namespaces that have a name, and again after changes. Without the privilege to enter them: those of its own. */
export function watchTopology({ name, path, net, rows, named = namespaces }: OwnNamespace): Observable<Topology> {
  return new Observable((subscriber) => {
    const own = new NamespaceLinks({ name, path, net, inode: inodeOf(path) });
    const others = new Map<string, NamespaceLinks>();
    const numbers = new NamespaceNumbers();
    const changed = new Subject<void>();
    /** The reason why the names of namespaces cannot be read. */
    let failure: string | undefined;
    let isRead = false;
    const build = (): Topology => {
      const all = [own, ...others.values()];
      const isDenied = all.some(({ error }) => isNetworkError(error, 'denied'));
      return buildTopology(all, (elsewhere) => numbers.locate(elsewhere, all), failure ?? (isDenied ? DENIED : undefined));
    };
    const own$ = rows.pipe(
      map(({ links }) => links),
      distinctUntilChanged(),
      tap((links) => {
        isRead = true;
        own.replace(links.values());
      }),
    );
    const others$ = named
      .all((other, namespace) => {
        if (String(namespace.inode) === own.id) return EMPTY;
        const links = new NamespaceLinks({ ...namespace, net: other });
        others.set(links.name, links);
        const delay = (error: unknown): Observable<unknown> => {
          // The namespace may have gone before its name.
          if (isFinal(error) || isNetworkError(error, 'missing')) return throwError(() => error);
          links.fail(errorOf(error));
          changed.next();
          return timer(RETRY_MS);
        };
        return other.links.watch(WITH_ADDRESSES).pipe(
          tap((change) => links.apply(change)),
          retry({ delay }),
        );
      })
      .pipe(
        tap(({ namespace, error }) => {
          if (error !== undefined) others.get(namespace.name)?.fail(error);
        }),
      );
    const removed$ = named.watch().pipe(
      tap(() => {
        if (failure === undefined) return;
        failure = undefined;
        changed.next();
      }),
      filter((change) => change.type === 'removed'),
      tap(({ value }) => {
        const gone = others.get(value.name);
        if (gone === undefined || gone.id !== String(value.inode)) return;
        others.delete(value.name);
        numbers.forget(gone);
      }),
    );
    const elsewhere$ = merge(others$, removed$).pipe(
      retry({
        delay: (error: unknown) => {
          failure = `Other namespaces are not shown: ${errorOf(error).message}`;
          for (const other of others.values()) numbers.forget(other);
          others.clear();
          changed.next();
          return timer(RETRY_MS);
        },
      }),
    );
    subscriber.add(
      changed
        .pipe(
          // Not before the tables have links.
          filter(() => isRead),
          throttleTime(PAUSE_MS, asyncScheduler, { leading: true, trailing: true }),
          map(build),
          tap((topology) => subscriber.next(topology)),
          mergeMap(() => numbers.ask()),
          filter((isNew) => isNew),
        )
        .subscribe(() => subscriber.next(build())),
    );
    subscriber.add(merge(own$, elsewhere$).subscribe({ next: () => changed.next(), error: (error: unknown) => subscriber.error(error) }));
  });
}

function errorOf(error: unknown): Error {
  return error instanceof Error ? error : new Error(String(error));
}

/** Returns the number of a namespace; 0 if it has disappeared. */
function inodeOf(path: string): number {
  return statSync(path, { throwIfNoEntry: false })?.ino ?? 0;
}
