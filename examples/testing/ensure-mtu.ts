import { EMPTY, switchMap, type Observable } from 'rxjs';
import type { rtLink } from 'rxnetlink/families/rt-link';

/** Sets the MTU of a link unless it has that MTU. */
export function ensureMtu(link: ReturnType<typeof rtLink>, ifname: string, mtu: number): Observable<unknown> {
  return link
    .do('getlink', { ifname })
    .pipe(switchMap((found) => (found.mtu === mtu ? EMPTY : link.do('newlink', { ifiIndex: found.ifiIndex, mtu }))));
}
