import { EMPTY, switchMap, timer, type Observable } from 'rxjs';
import type { rtLink } from 'rxnetlink/families/rt-link';
import { linkUp } from './link-up.js';

/**
 * Keeps a connection over a link: makes it when the link has been up for a while, drops it when the link goes down, makes it
 * anew when the link has come back.
 *
 * @param connect - The connection: subscribing makes it, unsubscribing drops it.
 * @param settle - How long the link has to be up first, in milliseconds: a link that flaps makes no connections.
 */
export function whileUp<T>(link: ReturnType<typeof rtLink>, ifname: string, connect: () => Observable<T>, settle = 2000): Observable<T> {
  return linkUp(link, ifname).pipe(switchMap((up) => (up ? timer(settle).pipe(switchMap(connect)) : EMPTY)));
}
