import { type Observable, concat, defer, ignoreElements, merge, mergeMap, of, retry, take, tap, throwError } from 'rxjs';
import { OverrunError } from '../../../errors/index.js';
import { queueBarrier } from '../../../client/internal.js';
import type { rtLink } from '../../../families/rt-link.js';

/** Number of readings after which the last one is emitted: on some machines links change all the time. */
const MOST_READINGS = 5;

/** Lost events may be about any link. */
const ANY = -1;

/**
 * Reads links and other tables that belong together. Reads all of them again if an event about one of the links arrived between the
 * first request and the end: the tables may be of different moments.
 *
 * @param read - Sends the requests at each subscription; emits the links, once.
 * @param isTable - True if the links are all of a table: then an event about any link counts.
 * @internal
 */
export function undisturbed<T extends { readonly index: number }>(
  client: ReturnType<typeof rtLink>,
  read: Observable<readonly T[]>,
  isTable: boolean,
): Observable<readonly T[]> {
  return defer(() => {
    const changed = new Set<number>();
    // The events and the barrier are messages of one queue: a loss ends both.
    const afterLoss = { delay: (error: unknown) => (error instanceof OverrunError ? of(changed.add(ANY)) : throwError(() => error)) };
    const events = client.notifications('rtnlgrp-link').pipe(
      tap(({ value }) => void changed.add(value.ifiIndex)),
      retry(afterLoss),
      ignoreElements(),
    );
    const attempt = (count: number): Observable<readonly T[]> =>
      defer(() => {
        changed.clear();
        return read;
      }).pipe(
        mergeMap((found) =>
          concat(
            queueBarrier(client.socket.eventSibling).pipe(retry(afterLoss), ignoreElements()),
            defer(() => {
              const concerned = isTable ? changed.size > 0 : changed.has(ANY) || found.some(({ index }) => changed.has(index));
              return concerned && count < MOST_READINGS ? attempt(count + 1) : of(found);
            }),
          ),
        ),
      );
    return merge(events, attempt(1)).pipe(take(1));
  });
}
