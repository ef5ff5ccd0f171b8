import { Observable, Subscription } from 'rxjs';

/**
 * Takes a snapshot of something that changes, and misses no change.
 *
 * It listens to the changes before it asks for the snapshot, and holds back what comes meanwhile. A change that the snapshot
 * has already seen is told again: that does no harm, as each says what is, not what is different. Where changes are missing,
 * it takes the snapshot once more.
 *
 * ```text
 * changes:   --x--y------z--0--u---      0 = null, a gap
 * snapshot:  ------(s|)     ----(t|)
 * result:    ------(sxy)-z------(tu)
 * ```
 *
 * @param changes - With `null` wherever some are missing.
 * @param snapshot - Subscribed to at the beginning, and at each gap.
 */
export function joinFirst<S, C>(changes: Observable<C | null>, snapshot: Observable<S>): Observable<S | C> {
  return new Observable((subscriber) => {
    let held: C[] | undefined;
    let reading = Subscription.EMPTY;
    const fail = (error: unknown) => {
      subscriber.error(error);
    };
    const release = () => {
      const meanwhile = held ?? [];
      held = undefined;
      for (const change of meanwhile) subscriber.next(change);
    };
    const read = () => {
      reading.unsubscribe();
      held = [];
      reading = snapshot.subscribe({
        next: (value) => {
          subscriber.next(value);
        },
        error: fail,
        complete: release,
      });
    };
    subscriber.add(() => {
      reading.unsubscribe();
    });
    subscriber.add(
      changes.subscribe({
        next: (change) => {
          if (change === null) read();
          else if (held === undefined) subscriber.next(change);
          else held.push(change);
        },
        error: fail,
        complete: () => {
          subscriber.complete();
        },
      }),
    );
    if (!subscriber.closed) read();
  });
}
