import { EMPTY, switchMap, timer, type Observable } from 'rxjs';
import type { rtLink } from 'rxnetlink/families/rt-link';
import { linkUp } from './link-up.js';

/**
 * Keeps a connection over a link: opens it when the link has been up for a while, closes it when the link goes down, and opens
 * it again when the link is back.
 *
 * @param connect - The connection: subscribing opens it, unsubscribing closes it.
 * @param settle - Milliseconds for which the link must be up first, so that a flapping link opens no connections.
 */
export function whileUp<T>(link: ReturnType<typeof rtLink>, ifname: string, connect: () => Observable<T>, settle = 2000): Observable<T> {
  return linkUp(link, ifname).pipe(switchMap((up) => (up ? timer(settle).pipe(switchMap(connect)) : EMPTY)));
}
