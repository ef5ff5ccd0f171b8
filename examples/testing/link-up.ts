import { catchError, distinctUntilChanged, filter, map, merge, of, throwError, type Observable } from 'rxjs';
import { isKernelError, resyncOnOverrun } from 'rxnetlink';
import type { rtLink } from 'rxnetlink/families/rt-link';

/** IFF_LOWER_UP of linux/if.h: set up, and there is a carrier. */
const LOWER_UP = 0x10000;

/** Tells whether a link is up, and each change of that; a link that does not exist is not. */
export function linkUp(link: ReturnType<typeof rtLink>, ifname: string): Observable<boolean> {
  const now = link.do('getlink', { ifname }).pipe(
    map(({ ifiFlags }) => (ifiFlags & LOWER_UP) !== 0),
    catchError((error: unknown) => (isKernelError(error, 'ENODEV') ? of(false) : throwError(() => error))),
  );
  const changes = link.notifications('rtnlgrp-link').pipe(
    filter(({ value }) => value.ifname === ifname),
    map(({ op, value }) => op === 'newlink-ntf' && (value.ifiFlags & LOWER_UP) !== 0),
    // What was lost may have been about this link.
    resyncOnOverrun(() => now),
  );
  // Listen first, look then: nothing falls in between.
  return merge(changes, now).pipe(distinctUntilChanged());
}
