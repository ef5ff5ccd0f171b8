import { catchError, distinctUntilChanged, filter, map, merge, of, throwError, type Observable } from 'rxjs';
import { isKernelError, resyncOnOverrun } from 'rxnetlink';
import type { rtLink } from 'rxnetlink/families/rt-link';

/** IFF_LOWER_UP of linux/if.h: the link is set up and has a carrier. */
const LOWER_UP = 0x10000;

/** Emits true if a link is up, else false, and every change; a link that does not exist is down. */
export function linkUp(link: ReturnType<typeof rtLink>, ifname: string): Observable<boolean> {
  const now = link.do('getlink', { ifname }).pipe(
    map(({ ifiFlags }) => (ifiFlags & LOWER_UP) !== 0),
    catchError((error: unknown) => (isKernelError(error, 'ENODEV') ? of(false) : throwError(() => error))),
  );
  const changes = link.notifications('rtnlgrp-link').pipe(
    filter(({ value }) => value.ifname === ifname),
    map(({ op, value }) => op === 'newlink-ntf' && (value.ifiFlags & LOWER_UP) !== 0),
    // A lost notification may have been about this link.
    resyncOnOverrun(() => now),
  );
  // Subscribe first, then read, so that no change is missed.
  return merge(changes, now).pipe(distinctUntilChanged());
}
