import { concat, defer, EMPTY, exhaustMap, ignoreElements, merge, of, repeat, retry, tap, timer, type Observable } from 'rxjs';
import type { Network, Route } from '../../network/index.js';

/** The shortest time in milliseconds between the end of a reading and the next one. */
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
    let isChanged = false;
    const events = net.clients.route.notifications('rtnlgrp-ipv4-route', 'rtnlgrp-ipv6-route', 'rtnlgrp-nexthop', { pick: [] });
    // The routes are read after each join: the kernel sends no events of what changed before it.
    const changes = merge(merge(events, of(undefined)).pipe(retry({ delay: () => timer(RETRY_MS) })), others);
    const read = defer(() => {
      isChanged = false;
      const start = performance.now();
      const pause = defer(() => timer(pauseAfter(performance.now() - start))).pipe(ignoreElements());
      return concat(net.routes.list(), pause);
    });
    return changes.pipe(
      tap(() => (isChanged = true)),
      // Changes during a reading and its pause are one more reading.
      exhaustMap(() => read.pipe(repeat({ delay: () => (isChanged ? of(undefined) : EMPTY) }))),
    );
  });
}

/** Reading takes a twentieth of the time; up to a third, where a page would be late by more than two seconds otherwise. */
function pauseAfter(duration: number): number {
  return Math.max(PAUSE_MS, Math.min(20 * duration, LATE_MS), 2 * duration);
}
