import { ignoreElements, map, race, take, tap, throwIfEmpty, timer, type Observable } from 'rxjs';
import { NetworkError } from '../../common/network-error.js';

/**
 * Completes when the first value arrives in time, and is not `false`.
 *
 * @throws NetworkError as the error signal, if the source emits `false`, completes without a value or the time is over; the error of the source.
 * @internal
 */
export function confirmation({ within, by }: { readonly within: number; readonly by: Observable<unknown> }): Observable<never> {
  const first = by.pipe(
    take(1),
    throwIfEmpty(() => unconfirmed('confirm.by completed without a value')),
    tap((value) => {
      if (value === false) throw unconfirmed('confirm.by emitted false');
    }),
  );
  const late = timer(within).pipe(
    map(() => {
      throw unconfirmed(`confirm.by emitted no value within ${within} ms`);
    }),
  );
  return race(first, late).pipe(ignoreElements());
}

function unconfirmed(text: string): NetworkError {
  return new NetworkError({ reason: 'timeout', verb: 'apply', subject: 'document', text });
}
