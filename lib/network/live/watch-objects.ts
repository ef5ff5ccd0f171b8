import { Observable } from 'rxjs';
import { watchTables, type LiveChange, type LiveDifference, type LiveTable } from '../../live/index.js';
import type { GetlinkReply } from '../../families/rt-link.js';
import { LinkNames } from '../names/link-names.js';
import { LiveObjects, type Translate } from './live-objects.js';

/** A table of the kernel and the translation of its rows. @internal */
export interface WatchedRows<T> {
  /** The links, by whose names objects are translated. */
  readonly links: LiveTable<GetlinkReply>;
  /** The rows; omitted if the objects are the links themselves. */
  readonly rows?: LiveTable<object>;
  readonly translate: Translate<T>;
}

/**
 * Watches the objects of a table: emits `synced` with all objects, then every change.
 *
 * The links and the rows have one event socket, so that no object is emitted before its link. A link that gets another name
 * changes all objects that name it.
 *
 * @internal
 */
export function watchObjects<T extends object>({ links, rows, translate }: WatchedRows<T>): Observable<LiveChange<T>> {
  const changes = watchTables<Record<string, object>>(rows === undefined ? { links } : { links, rows });
  return new Observable((subscriber) => {
    const objects = new LiveObjects(translate, (row) => (rows ?? links).keyOf(row));
    let names = new LinkNames();
    const emit = (differences: readonly LiveDifference<T>[]): void => {
      for (const difference of differences) subscriber.next(difference);
    };
    subscriber.add(
      changes.subscribe({
        next: (change) => {
          if (change.type === 'synced') {
            const found = change.tables['links'] ?? [];
            names = new LinkNames(found as readonly GetlinkReply[]);
            objects.replace(change.tables['rows'] ?? found, names);
            subscriber.next({ type: 'synced', entries: objects.entries, reason: change.reason });
            return;
          }
          if (change.table === 'links') emit(objects.applyLink(change.change as LiveDifference<GetlinkReply>, names));
          if (change.table === 'rows' || rows === undefined) emit(objects.apply(change.change, names));
        },
        error: (error: unknown) => subscriber.error(error),
        complete: () => subscriber.complete(),
      }),
    );
  });
}
