import { distinctUntilChanged, map, of, scan, switchMap, type Observable } from 'rxjs';
import type { LiveChange, LiveDifference } from '../../live/index.js';
import type { GetlinkReply } from '../../families/rt-link.js';
import { LinkNames } from '../names/link-names.js';
import { LINKS, type SharedTables } from './shared-tables.js';

/** Emits the index of a link that has a name, now and after each change; undefined while there is none. */
function linkIndex(live: SharedTables, name: string): Observable<number | undefined> {
  return live.watch([]).pipe(
    scan((names, change) => {
      if (change.type === 'synced') return new LinkNames(change.tables[LINKS] as readonly GetlinkReply[]);
      const { type, value } = change.change as LiveDifference<GetlinkReply>;
      names.remove(value.ifiIndex);
      if (type !== 'removed') names.add(value);
      return names;
    }, new LinkNames()),
    map((names) => names.indexOf(name)),
    distinctUntilChanged(),
  );
}

/**
 * Watches objects that the kernel lists for each link: those of the link that has a name, which need not exist yet. Another link of
 * the name, or none, begins with `synced`.
 *
 * @internal
 */
export function watchByLink<T>(
  live: SharedTables,
  name: string,
  watch: (index: number) => Observable<LiveChange<T>>,
): Observable<LiveChange<T>> {
  return linkIndex(live, name).pipe(
    switchMap((index) => {
      if (index !== undefined) return watch(index);
      return of({ type: 'synced', entries: [], reason: 'initial' } satisfies LiveChange<T>);
    }),
  );
}
