import { RtnhFlags, type GetrouteReply } from '../../../families/generated/rt-route.js';
import type { LinkTable } from '../links/link-table.js';
import { INET, INET6, masked, numberOf } from '../prefixes.js';

/** A request that writes or deletes a route. @internal */
export type RouteAttributes = Partial<GetrouteReply>;

/** RT_TABLE_COMPAT: the table has a number above 255. */
const COMPAT = 252;

/** The types of routes that reject packets. */
const REJECTING: readonly unknown[] = ['blackhole', 'unreachable', 'prohibit', 'throw'];

/** One way of a route. @internal */
export interface Hop {
  readonly index: number;
  readonly flags: number;
  readonly weight: number;
  /** `gateway`, `via`, `encapType`, `encap`. */
  readonly way: RouteAttributes;
  /** The link is down; only a route with several ways outlives that. */
  isDead: boolean;
}

/** The nexthop object of a route. @internal */
export interface RouteNexthop {
  readonly id: number;
  readonly isGroup: boolean;
  readonly isBlackhole: boolean;
}

/** One route of the fake network. @internal */
export interface FakeRoute {
  readonly family: number;
  readonly table: number;
  readonly length: number;
  /** The network as a number. */
  readonly number: bigint;
  readonly tos: number;
  readonly metric: number;
  /** The attributes without those of the ways. */
  readonly attributes: RouteAttributes;
  readonly hops: readonly Hop[];
  /** The nexthop object that determines the ways. */
  readonly nexthop?: RouteNexthop | undefined;
}

/** Returns the type of a route as a reader finds it: the nexthop object can discard the packets. @internal */
export function typeOf({ attributes, nexthop }: FakeRoute): RouteAttributes['rtmType'] {
  return nexthop?.isBlackhole === true ? 'blackhole' : attributes.rtmType;
}

/** Returns true if a route rejects packets. @internal */
export function rejects({ rtmType }: RouteAttributes): boolean {
  return REJECTING.includes(rtmType);
}

/** Returns the number of the table of a request. @internal */
export function tableOf({ table, rtmTable = 0 }: RouteAttributes, none: number): number {
  const number = table ?? rtmTable;
  return number === 0 ? none : number;
}

/** Returns the ways that a request names. @internal */
export function hopsOf(request: RouteAttributes): readonly Hop[] {
  const { multipath, oif = 0, rtmFlags = 0 } = request;
  if (multipath === undefined) return [{ index: oif, flags: rtmFlags & RtnhFlags.Onlink, weight: 0, way: wayOf(request), isDead: false }];
  return multipath.map((hop) => ({
    ...{ index: hop.rtnhIfindex, flags: hop.rtnhFlags & RtnhFlags.Onlink, weight: hop.rtnhHops, way: wayOf(hop as RouteAttributes) },
    isDead: false,
  }));
}

/** Returns the gateway of a hop, of either family. @internal */
export function gatewayOf({ way }: Hop): string | undefined {
  return way.gateway ?? way.via?.rtviaAddr;
}

/** Makes a route of a request and its checked ways. @internal */
export function routeOf(request: RouteAttributes, hops: readonly Hop[], table: number, metric: number, nexthop?: RouteNexthop): FakeRoute {
  const { rtmFamily = 0, rtmDstLen: length = 0, dst, rtmTos: tos = 0 } = request;
  const number = dst === undefined ? 0n : masked(numberOf(dst), length, rtmFamily);
  return { family: rtmFamily, table, length, number, tos, metric, attributes: attributesOf(request), hops, nexthop };
}

/** Returns the row of a dump or a notification. @internal */
export function routeRow(route: FakeRoute, links: LinkTable): GetrouteReply {
  const { family, table, metric, hops, attributes, nexthop } = route;
  const isIpv6 = family === INET6;
  const [only, second] = hops;
  // A group of one IPv6 nexthop is shown as a group.
  const isList = second !== undefined || (isIpv6 && nexthop?.isGroup === true && !nexthop.isBlackhole);
  const single = isList ? undefined : only;
  const row = {
    ...attributes,
    ...(nexthop !== undefined && { rtmType: typeOf(route), nhId: nexthop.id }),
    ...{ rtmTable: table < 256 ? table : COMPAT, table, rtmFlags: single === undefined ? 0 : flagsOf(route, single, links) },
    ...((isIpv6 || metric !== 0) && { priority: metric }),
    ...(single !== undefined && { ...single.way, oif: single.index }),
    ...(isList && {
      multipath: hops.map((hop) => ({
        ...{ rtnhFlags: flagsOf(route, hop, links), rtnhHops: hop.weight, rtnhIfindex: hop.index, ...hop.way },
      })),
    }),
    ...(isIpv6 && { pref: attributes.pref ?? 'medium', cacheinfo: cacheinfo(attributes) }),
  };
  delete (row as { expires?: bigint }).expires;
  return row as GetrouteReply;
}

function wayOf({ gateway, via, encapType, encap }: RouteAttributes): RouteAttributes {
  return {
    ...(gateway !== undefined && { gateway }),
    ...(via !== undefined && { via }),
    ...(encapType !== undefined && { encapType, encap }),
  } as RouteAttributes;
}

function attributesOf(request: RouteAttributes): RouteAttributes {
  const { rtmFamily = 0, rtmDstLen = 0, rtmSrcLen = 0, rtmTos = 0, rtmProtocol = 0, rtmScope = 0, rtmType = 'unspec' } = request;
  const { dst, src, prefsrc, metrics, flow, pref, expires, ttlPropagate } = request;
  const given = Object.entries({ src, prefsrc, metrics, flow, pref, expires, ttlPropagate }).filter(([, value]) => value !== undefined);
  return {
    ...{ rtmFamily, rtmDstLen, rtmSrcLen, rtmTos, rtmProtocol, rtmScope, rtmType },
    ...(dst !== undefined && rtmDstLen > 0 && { dst }),
    ...Object.fromEntries(given),
  };
}

/** Returns RTNH_F_*: the carrier of a link changes the routes over it silently. */
function flagsOf({ attributes, family }: FakeRoute, { index, flags, isDead }: Hop, links: LinkTable): number {
  const device = links.byIndex(index);
  const isOwn = attributes.rtmType === 'local' || (family === INET && attributes.rtmType === 'nat');
  const isDown = device !== undefined && !isOwn && !rejects(attributes) && !device.hasCarrier;
  return flags | (isDead ? RtnhFlags.Dead | RtnhFlags.Linkdown : 0) | (isDown ? RtnhFlags.Linkdown : 0);
}

function cacheinfo({ expires = 0n }: RouteAttributes): object {
  const ticks = Number(expires) * 100;
  return { rtaClntref: 0, rtaLastuse: 0, rtaExpires: ticks, rtaError: 0, rtaUsed: 0, rtaId: 0, rtaTs: 0, rtaTsage: 0 };
}
