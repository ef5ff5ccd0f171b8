import { RtnhFlags, RtScope, RtTable, type GetrouteReply } from '../../../families/generated/rt-route.js';
import type { NetworkTables, Packet } from '../network-tables.js';
import { bitsOf, INET, numberOf } from '../prefixes.js';
import { Rejection } from '../rejection.js';
import { gatewayOf, typeOf, type FakeRoute, type Hop, type RouteAttributes } from './fake-route.js';

/** A route that a lookup found, and the way that it takes. @internal */
export interface Found {
  readonly route: FakeRoute;
  readonly hop: Hop | undefined;
}

/** RTM_F_CLONED and RTCF_LOCAL (uapi/linux/rtnetlink.h, uapi/linux/in_route.h). */
const CLONED = 0x200;
const LOCAL = 0x8000_0000;

/** The errors of routes and rules that reject packets. */
const ERRORS = { unreachable: 'EHOSTUNREACH', prohibit: 'EACCES', blackhole: 'EINVAL' } as const;

/** Returns the route that the kernel chooses for a packet. @throws Rejection if there is none, or it rejects the packet. @internal */
export function lookup(tables: NetworkTables, packet: Packet): Found {
  for (const { action, table, suppress } of tables.rules.matching(packet)) {
    if (action in ERRORS) throw new Rejection(action === 'unreachable' ? 'ENETUNREACH' : ERRORS[action as keyof typeof ERRORS]);
    const found = action === 'to-tbl' ? lookupIn(tables, packet, table) : undefined;
    if (found === undefined || found.route.length <= suppress) continue;
    const rtmType = typeOf(found.route);
    if (rtmType === 'throw') continue;
    if (typeof rtmType === 'string' && rtmType in ERRORS) throw new Rejection(ERRORS[rtmType as keyof typeof ERRORS]);
    return found;
  }
  throw new Rejection('ENETUNREACH');
}

/** Returns the route of one table for a packet; undefined if there is none. @internal */
export function lookupIn(tables: NetworkTables, { family, to, oif, scope = 0, tos = 0 }: Packet, table: number): Found | undefined {
  const routes = family === INET ? tables.ipv4Routes : tables.ipv6Routes;
  for (const route of routes.store.matches(table, numberOf(to))) {
    if (family === INET && ((route.attributes.rtmScope ?? 0) < scope || (route.tos !== 0 && route.tos !== tos))) continue;
    const hop = route.hops.find(({ index, isDead }) => !isDead && (oif === undefined || oif === 0 || index === oif));
    if (hop !== undefined || route.hops.length === 0) return { route, hop };
  }
  return undefined;
}

/** Returns the way to a gateway: an own network of a link; undefined if there is none. @internal */
export function wayTo(tables: NetworkTables, family: number, gateway: string, oif: number, table: number): Hop | undefined {
  const packet = { family, to: gateway, oif, scope: RtScope.Link };
  const found = lookupIn(tables, packet, table) ?? lookupIn(tables, packet, RtTable.Main);
  if (found?.hop === undefined || found.route.attributes.rtmType !== 'unicast') return undefined;
  return gatewayOf(found.hop) === undefined ? found.hop : undefined;
}

/** Answers RTM_GETROUTE for one address, as `ip route get` asks. @internal */
export function routeTo(tables: NetworkTables, request: RouteAttributes): GetrouteReply {
  const { rtmFamily: family = INET, dst, src, iif, oif, mark, uid = 0, rtmTos: tos } = request;
  const to = dst ?? (family === INET ? '0.0.0.0' : '::');
  const from = iif === undefined ? undefined : tables.links.byIndex(iif)?.name;
  if (iif !== undefined && from === undefined) throw new Rejection('ENODEV');
  const { route, hop } = lookup(tables, { family, to, from: src, iif: from, oif, mark, tos, uid });
  const { attributes, table } = route;
  const isLocal = attributes.rtmType === 'local';
  const gateway = hop === undefined ? undefined : gatewayOf(hop);
  const addresses = family === INET ? tables.ipv4Addresses : tables.ipv6Addresses;
  const source = isLocal ? to : (attributes.prefsrc ?? (hop === undefined ? undefined : addresses.sourceOn(hop.index, gateway ?? to)));
  const reply = {
    ...{ rtmFamily: family, rtmDstLen: bitsOf(family), rtmSrcLen: src === undefined ? 0 : bitsOf(family), rtmTos: tos ?? 0 },
    ...{ rtmTable: table < 256 ? table : 252, rtmScope: 0, rtmType: attributes.rtmType, dst: to, table },
    ...(src !== undefined && { src }),
    ...hop?.way,
    ...(hop !== undefined && { oif: isLocal && family === INET ? 1 : hop.index }),
    ...(source !== undefined && src === undefined && { prefsrc: source }),
    ...(iif !== undefined && { iif }),
    ...(mark !== undefined && { mark }),
  };
  const flags = ((hop?.flags ?? 0) & RtnhFlags.Onlink) | 0;
  if (family !== INET)
    return { ...reply, rtmProtocol: attributes.rtmProtocol, rtmFlags: flags, priority: route.metric, pref: 'medium' } as GetrouteReply;
  return { ...reply, rtmProtocol: 0, rtmFlags: (flags | CLONED | (isLocal ? LOCAL : 0)) >>> 0, uid } as GetrouteReply;
}
