import { watchableFamily, type WatchDeclaration, type WatchableFamilyFactory } from '../live/index.js';
import { rtRouteSchema, type GetrouteReply, type RtRouteFamily } from './generated/rt-route.js';
import { routeKey, routeStore } from './routes/route-store.js';
import { Group, Type } from './rtnetlink.js';

export * from './generated/rt-route.js';

/** RTM_F_CLONED: what a route has become for one destination; not in the table, nor told of. */
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
  // A table that does not exist has no routes.
  emptyOn: ['ENOENT'],
  volatile: ['cacheinfo', 'expires'],
  silent: ['rtmFlags', 'multipath'],
  // Routes go without a word with their link, the last address of it, and a nexthop object.
  triggers: [
    LINK_TRIGGER,
    { group: Group.Ipv4Address, types: [Type.DelAddress] },
    { group: Group.Ipv6Address, types: [Type.DelAddress] },
    { group: Group.Nexthop, types: [Type.NewNexthop, Type.DelNexthop] },
  ],
  waitsForLock: true,
  deletesInterrupt: true,
};

/** The interface that a route leaves by: of several the one that is wanted. A nexthop object may keep it to itself. */
function leavesBy({ oif, multipath, nhId }: GetrouteReply, wanted: unknown): unknown {
  if (oif === undefined && multipath === undefined && nhId !== undefined) return wanted;
  return multipath?.some(({ rtnhIfindex }) => rtnhIfindex === wanted) === true ? wanted : oif;
}

/** Routes. @public */
export const rtRoute: WatchableFamilyFactory<RtRouteFamily, 'getroute' | 'getnexthop'> = watchableFamily(rtRouteSchema, {
  // Family and table choose whole slots, all else some routes of one.
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
