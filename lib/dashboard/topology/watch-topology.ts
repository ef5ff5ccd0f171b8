import { statSync } from 'node:fs';
import {
  asyncScheduler,
  catchError,
  distinctUntilChanged,
  EMPTY,
  filter,
  map,
  merge,
  mergeMap,
  Observable,
  of,
  Subject,
  tap,
  throttleTime,
} from 'rxjs';
import { isNetworkError, namespaces, type Network } from '../../network/index.js';
import type { Topology } from '../protocol.js';
import type { NamespaceRows } from '../tables/namespace-rows.js';
import { buildTopology } from './build-topology.js';
import { NamespaceLinks } from './namespace-links.js';
import { NamespaceNumbers } from './namespace-numbers.js';

/** The shortest time in milliseconds between two topologies. */
const PAUSE_MS = 1000;

/** The namespace that the tables show. */
export interface OwnNamespace {
  readonly name: string;
  /** Its path, as `setns` needs it. */
  readonly path: string;
  readonly net: Network;
  readonly rows: Observable<NamespaceRows>;
}

const WITH_ADDRESSES = { with: 'addresses' } as const;

/** Emits the links of all namespaces that have a name, and again after changes. Without the privilege to enter them: those of its own. */
export function watchTopology({ name, path, net, rows }: OwnNamespace): Observable<Topology> {
  return new Observable((subscriber) => {
    const own = new NamespaceLinks({ name, path, net, inode: inodeOf(path) });
    const others = new Map<string, NamespaceLinks>();
    const numbers = new NamespaceNumbers();
    const changed = new Subject<void>();
    let note: string | undefined;
    let isRead = false;
    const build = (): Topology => {
      const all = [own, ...others.values()];
      return buildTopology(all, (elsewhere) => numbers.locate(elsewhere, all), note);
    };
    const own$ = rows.pipe(
      map(({ links }) => links),
      distinctUntilChanged(),
      tap((links) => {
        isRead = true;
        own.replace(links.values());
      }),
    );
    const others$ = namespaces
      .all((other, namespace) => {
        if (String(namespace.inode) === own.id) return EMPTY;
        const links = new NamespaceLinks({ ...namespace, net: other });
        others.set(links.name, links);
        return other.links.watch(WITH_ADDRESSES).pipe(tap((change) => links.apply(change)));
      })
      .pipe(
        tap(({ namespace, error }) => {
          if (error === undefined) return;
          others.get(namespace.name)?.fail(error.message);
          if (isNetworkError(error) && error.reason === 'denied')
            note = 'The links of other namespaces are not shown: reading them needs CAP_SYS_ADMIN.';
        }),
      );
    const removed$ = namespaces.watch().pipe(
      filter((change) => change.type === 'removed'),
      tap(({ value }) => {
        const gone = others.get(value.name);
        if (gone === undefined || gone.id !== String(value.inode)) return;
        others.delete(value.name);
        numbers.forget(gone);
      }),
    );
    const elsewhere$ = merge(others$, removed$).pipe(
      catchError((error: unknown) => {
        note = `Other namespaces are not shown: ${error instanceof Error ? error.message : String(error)}`;
        return of(undefined);
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

/** Returns the number of a namespace; 0 if it has disappeared. */
function inodeOf(path: string): number {
  return statSync(path, { throwIfNoEntry: false })?.ino ?? 0;
}
