import { Observable } from 'rxjs';

/**
 * Takes a snapshot of something that changes, and misses no change.
 *
 * It listens to the changes before it asks for the snapshot, and holds back what comes meanwhile. A change that the snapshot
 * has already seen is told again: that does no harm, as each says what is, not what is different.
 *
 * ```text
 * changes:   --x--y-----z--
 * snapshot:  ------s|
 * result:    ------(sxy)z--
 * ```
 */
export function joinFirst<S, C>(changes: Observable<C>, snapshot: Observable<S>): Observable<S | C> {
  return new Observable((subscriber) => {
    let held: C[] | undefined = [];
    subscriber.add(
      changes.subscribe({
        next: (change) => {
          if (held === undefined) subscriber.next(change);
          else held.push(change);
        },
        error: (error: unknown) => {
          subscriber.error(error);
        },
        complete: () => {
          subscriber.complete();
        },
      }),
    );
    subscriber.add(
      snapshot.subscribe({
        next: (value) => {
          subscriber.next(value);
        },
        error: (error: unknown) => {
          subscriber.error(error);
        },
        complete: () => {
          const changesMeanwhile = held ?? [];
          held = undefined;
          for (const change of changesMeanwhile) subscriber.next(change);
        },
      }),
    );
  });
}
