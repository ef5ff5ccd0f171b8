import { Observable, Subscription } from 'rxjs';

/**
 * Emits a snapshot of a changing table, then every change.
 *
 * It subscribes to the changes before it reads the snapshot, and buffers the changes that arrive meanwhile. A change that the
 * snapshot already contains is emitted again. That does no harm, because a change holds the object's new state and not a
 * difference. When changes were lost, it reads the snapshot again.
 *
 * ```text
 * changes:   --x--y------z--0--u---      0 = null, a gap
 * snapshot:  ------(s|)     ----(t|)
 * result:    ------(sxy)-z------(tu)
 * ```
 *
 * @param changes - Emits `null` where changes were lost.
 * @param snapshot - Subscribed to at the beginning, and after each loss.
 */
export function joinFirst<S, C>(changes: Observable<C | null>, snapshot: Observable<S>): Observable<S | C> {
  return new Observable((subscriber) => {
    let buffered: C[] | undefined;
    let reading = Subscription.EMPTY;
    const fail = (error: unknown) => {
      subscriber.error(error);
    };
    const release = () => {
      const meanwhile = buffered ?? [];
      buffered = undefined;
      for (const change of meanwhile) subscriber.next(change);
    };
    const read = () => {
      reading.unsubscribe();
      buffered = [];
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
          else if (buffered === undefined) subscriber.next(change);
          else buffered.push(change);
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
