import { concatMap, defer, map, merge, retry, startWith, throttle, timer, type Observable } from 'rxjs';
import type { Network, Route } from '../../network/index.js';

/** The shortest time in milliseconds between two readings. */
const PAUSE_MS = 200;
/** The longest pause in milliseconds, unless reading itself takes longer. */
const LATE_MS = 2000;
/** The time in milliseconds after which events are received again if some were lost. */
const RETRY_MS = 100;

/**
 * Emits all routes, and again after changes.
 *
 * `net.routes.watch()` is not used: the kernel deletes and changes routes with links without an event, so that collection reads the routes
 * again after each event of a link, up to half of the time. A page may be a little late instead: the more routes, the longer the pause.
 *
 * @param others - Emits when links or addresses have changed.
 */
export function watchRoutes(net: Network, others: Observable<unknown>): Observable<readonly Route[]> {
  return defer(() => {
    let pause = PAUSE_MS;
    const events = net.clients.route
      .notifications('rtnlgrp-ipv4-route', 'rtnlgrp-ipv6-route', 'rtnlgrp-nexthop', { pick: [] })
      .pipe(retry({ delay: () => timer(RETRY_MS) }));
    return merge(others, events).pipe(
      startWith(undefined),
      throttle(() => timer(pause), { leading: true, trailing: true }),
      concatMap(() => {
        const start = performance.now();
        return net.routes.list().pipe(
          map((routes) => {
            pause = pauseAfter(performance.now() - start);
            return routes;
          }),
        );
      }),
    );
  });
}

/** Reading needs a tenth of the time; a third, if a page would be late by more than two seconds else. */
function pauseAfter(duration: number): number {
  return Math.max(PAUSE_MS, Math.min(10 * duration, LATE_MS), 2 * duration);
}
