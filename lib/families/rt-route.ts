import { watchableFamily, type WatchDeclaration, type WatchableFamilyFactory } from '../live/index.js';
import { rtRouteSchema, type GetrouteReply, type RtRouteFamily } from './generated/rt-route.js';
import { routeKey, routeStore } from './routes/route-store.js';
import { Group, Type } from './rtnetlink.js';

export * from './generated/rt-route.js';

/** RTM_F_CLONED: a cached route for one destination; it is not in the table, and the kernel sends no event for it. */
const CLONED = 0x200;

const LINK_TRIGGER = { group: Group.Link, types: [Type.NewLink, Type.DelLink] } as const;

const routes: WatchDeclaration<GetrouteReply, keyof RtRouteFamily['notifications'], keyof RtRouteFamily['groups']> = {
  groups: ['rtnlgrp-ipv4-route', 'rtnlgrp-ipv6-route'],
  set: ['newroute-ntf'],
  delete: ['delroute-ntf'],
  key: routeKey,
  store: () => routeStore(),
  accepts: ({ rtmFamily, rtmFlags }) => (rtmFamily === 2 || rtmFamily === 10) && (rtmFlags & CLONED) === 0,
  filters: {
    rtmFamily: ({ rtmFamily }) => rtmFamily,
    rtmTable: ({ rtmTable }) => rtmTable,
    table: ({ table }) => table,
    rtmProtocol: ({ rtmProtocol }) => rtmProtocol,
    rtmType: ({ rtmType }) => rtmType,
    oif: leavesBy,
  },
  // A dump of a table that does not exist fails with ENOENT.
  emptyOn: ['ENOENT'],
  volatile: ['cacheinfo', 'expires'],
  silent: ['rtmFlags', 'multipath'],
  // The kernel deletes routes silently with their link, the last address of the link, and a nexthop object.
  triggers: [
    LINK_TRIGGER,
    { group: Group.Ipv4Address, types: [Type.DelAddress] },
    { group: Group.Ipv6Address, types: [Type.DelAddress] },
    { group: Group.Nexthop, types: [Type.NewNexthop, Type.DelNexthop] },
  ],
  waitsForLock: true,
  deletesInterrupt: true,
};

/** Returns the interface of a route; for a multipath route the wanted one. A route through a nexthop object may not name any. */
function leavesBy({ oif, multipath, nhId }: GetrouteReply, wanted: unknown): unknown {
  if (oif === undefined && multipath === undefined && nhId !== undefined) return wanted;
  return multipath?.some(({ rtnhIfindex }) => rtnhIfindex === wanted) === true ? wanted : oif;
}

/** Routes. @public */
export const rtRoute: WatchableFamilyFactory<RtRouteFamily, 'getroute' | 'getnexthop'> = watchableFamily(rtRouteSchema, {
  // Family and table select whole slots; other properties select some routes of a slot.
  getroute: ({ rtmProtocol, rtmType, oif }) =>
    (rtmProtocol ?? rtmType ?? oif) === undefined ? routes : { ...routes, store: () => routeStore(true) },
  getnexthop: {
    groups: ['rtnlgrp-nexthop'],
    set: ['newnexthop-ntf'],
    delete: ['delnexthop-ntf'],
    key: ({ id }) => id,
    volatile: ['groupStats'],
    silent: ['nhFlags'],
    triggers: [LINK_TRIGGER],
    waitsForLock: true,
  },
});
