import { defer, EMPTY, filter, map, merge, of, retry, throwError, type Observable } from 'rxjs';
import { OverrunError } from '../../../errors/index.js';
import type { NetworkDocument } from '../document.js';
import type { Site } from '../site.js';

/** RTNLGRP_* (uapi/linux/rtnetlink.h). */
const ALWAYS: readonly number[] = [1, 5, 9, 7, 11];
const RULES: readonly number[] = [8, 19];
/** The settings of IPv4 and IPv6 of links. */
const SETTINGS: readonly number[] = [24, 25];
const [NEIGHBOURS, TRAFFIC, NEXTHOPS] = [3, 4, 32];

/**
 * Emits when a table that a document describes may have changed, unless the own socket has changed it. Lost events count too.
 *
 * @param site - Its request socket must be held open: its port ID marks the own changes.
 * @internal
 */
export function foreignChanges({ clients }: Site, document: NetworkDocument): Observable<void> {
  const { socket } = clients.link;
  const isOwn = (portId: number): boolean => portId !== 0 && socket.isOpen && portId === socket.portId;
  const changes = merge(...groupsOf(document).map((group) => socket.eventSibling.multicast(group))).pipe(
    filter(({ portId }) => !isOwn(portId)),
    map(() => undefined),
  );
  // An own transaction causes one more comparison, which finds nothing.
  const firewall = document.firewall === undefined ? EMPTY : clients.nftables.notifications('mgmt').pipe(map(() => undefined));
  let hasLost = false;
  const lost = defer(() => (hasLost ? of(undefined) : of()));
  return defer(() => merge(lost, changes, firewall)).pipe(
    retry({
      delay: (error: unknown) => {
        if (!(error instanceof OverrunError)) return throwError(() => error);
        hasLost = true;
        return of(undefined);
      },
    }),
  );
}

function groupsOf({ links = [], rules, nexthops, routes = [] }: NetworkDocument): readonly number[] {
  const has = (...names: readonly string[]): boolean => links.some((link) => names.some((name) => name in link));
  return [
    ...ALWAYS,
    ...(rules === undefined ? [] : RULES),
    ...(nexthops === undefined && !routes.some((route) => 'nexthop' in route) ? [] : [NEXTHOPS]),
    ...(has('neighbours', 'fdb') ? [NEIGHBOURS] : []),
    ...(has('qdisc', 'clsact') ? [TRAFFIC] : []),
    ...(has('ipv4', 'ipv6') ? SETTINGS : []),
  ];
}
