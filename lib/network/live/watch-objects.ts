import { Observable } from 'rxjs';
import type { LiveChange, LiveDifference, LiveTable } from '../../live/index.js';
import type { GetlinkReply } from '../../families/rt-link.js';
import { LinkNames } from '../names/link-names.js';
import { LiveObjects, renameLinks, type Translate } from './live-objects.js';
import { LINKS, type SharedTables, type WatchedRows } from './shared-tables.js';

/**
 * Watches the objects of a table: emits `synced` with all objects, then every change.
 *
 * The links and the rows have one event socket, so that no object is emitted before its link. A link that gets another name
 * changes all objects that name it.
 *
 * @param watched - The rows; undefined if the objects are the links themselves.
 * @internal
 */
export function watchObjects<T extends object>(
  live: SharedTables,
  watched: WatchedRows | undefined,
  translate: Translate<T>,
): Observable<LiveChange<T>> {
  const changes = live.watch(watched === undefined ? [] : [watched]);
  const rows: LiveTable<object> = watched?.rows ?? live.links;
  const own = watched?.table ?? LINKS;
  return new Observable((subscriber) => {
    const objects = new LiveObjects(translate, (row) => rows.keyOf(row));
    let names = new LinkNames();
    const emit = (differences: readonly LiveDifference<T>[]): void => {
      for (const difference of differences) subscriber.next(difference);
    };
    subscriber.add(
      changes.subscribe({
        next: (change) => {
          if (change.type === 'synced') {
            names = new LinkNames(change.tables[LINKS] as readonly GetlinkReply[]);
            objects.replace(change.tables[own] ?? [], names);
            subscriber.next({ type: 'synced', entries: objects.entries, reason: change.reason });
            return;
          }
          if (change.table === LINKS) emit(objects.rename(renameLinks(names, change.change as LiveDifference<GetlinkReply>), names));
          if (change.table === own) emit(objects.apply(change.change, names));
        },
        error: (error: unknown) => subscriber.error(error),
        complete: () => subscriber.complete(),
      }),
    );
  });
}
