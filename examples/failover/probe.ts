import { connect } from 'node:net';
import { first, merge, Observable, of, timeout } from 'rxjs';
import type { Target } from './config.js';

/**
 * Connects to servers from one of the own addresses. The routing rule of the address leads the connection through its uplink, so that this
 * needs no privilege.
 *
 * @param wait - The time in milliseconds for an answer.
 * @returns True if one of the servers has accepted in time. Unsubscribing ends the connections.
 */
export function probe(source: string, targets: readonly Target[], wait: number): Observable<boolean> {
  return merge(...targets.map((target) => accepts(source, target))).pipe(
    first((isAccepted) => isAccepted, false),
    timeout({ first: wait, with: () => of(false) }),
  );
}

function accepts(source: string, { address, port }: Target): Observable<boolean> {
  return new Observable((subscriber) => {
    const end = (isAccepted: boolean) => (): void => {
      subscriber.next(isAccepted);
      subscriber.complete();
    };
    const socket = connect({ host: address, port, localAddress: source }, end(true)).on('error', end(false));
    return () => socket.destroy();
  });
}
