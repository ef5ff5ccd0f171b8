import { RtnhFlags, type GetrouteReply, type NewrouteRequest } from '../../families/rt-route.js';
import { omitUndefined } from '../../check/index.js';
import { familyNumber } from '../fields/address-family.js';
import { withRow } from '../common/written.js';
import { splitCidr, versionOf } from '../fields/address-checks.js';
import type { LinkNames } from '../names/link-names.js';
import type { RouteNames } from '../names/route-names.js';
import { scopeName, scopeNumber, type ScopeName } from '../names/scopes.js';
import type { Wanted } from '../tables/table-model.js';
import type { Hop, Route, RouteFields } from './route.js';
import { encapOf } from './encap-rows.js';
import { gatewayOf, hopOf, hopsRequest, wayOf, wayRequest } from './route-hops.js';
import { metricsOf, metricsRequest } from './metric-options.js';
import { REJECTING } from './route-shape.js';

/** RTM_F_OFFLOAD (uapi/linux/rtnetlink.h). */
const OFFLOADED = 0x4000;

/** Milliseconds of a clock tick of user space (USER_HZ is 100 on every architecture). */
const TICK = 10;

/** A route while it is made. */
type WritableRoute = { -readonly [Name in Exclude<keyof Route, symbol>]?: unknown };

/**
 * Makes routes, plain objects. There may be 100,000 of them: no other object is made for each, and a constructor has room for the properties that
 * it assigns, while a literal moves an array of properties for each third one.
 */
const RouteObject = function (this: WritableRoute, row: GetrouteReply, names: LinkNames, { tables, protocols }: RouteNames) {
  const { rtmFamily, rtmDstLen, rtmSrcLen, rtmFlags, rtmType, dst, src, nhId, multipath, oif, cacheinfo } = row;
  const isIpv4 = rtmFamily === 2;
  // IPv6 routes that reject packets name the loopback link.
  const leads = !REJECTING.includes(rtmType) && nhId === undefined;
  const expires = cacheinfo?.rtaExpires ?? 0;
  const isSingle = leads && multipath === undefined;
  this.to = dst === undefined ? 'default' : `${dst}/${rtmDstLen}`;
  this.family = isIpv4 ? 4 : 6;
  this.type = rtmType;
  if (isSingle) {
    const via = gatewayOf(row);
    const encap = row.encapType === undefined ? undefined : encapOf(row);
    const link = oif === undefined ? undefined : names.nameOf(oif);
    if (via !== undefined) this.via = via;
    if (encap !== undefined) this.encap = encap;
    if (link !== undefined) this.link = link;
  }
  if (leads && (rtmFlags & RtnhFlags.Onlink) !== 0) this.onlink = true;
  if (leads && multipath !== undefined) this.hops = multipath.map((hop) => hopOf(hop, names));
  if (nhId !== undefined) this.nexthop = nhId;
  this.table = tables.nameOf(row.table ?? row.rtmTable);
  this.protocol = protocols.nameOf(row.rtmProtocol);
  if (isIpv4) this.scope = scopeName(row.rtmScope);
  this.metric = row.priority ?? 0;
  if (row.prefsrc !== undefined) this.source = row.prefsrc;
  if (src !== undefined) this.from = `${src}/${rtmSrcLen}`;
  if (row.rtmTos !== 0) this.tos = row.rtmTos;
  if (row.pref !== undefined) this.pref = row.pref;
  if (expires > 0) this.expires = Math.ceil((expires * TICK) / 1000) * 1000;
  if (row.metrics !== undefined) Object.assign(this, metricsOf(row.metrics, names));
  if (isSingle && oif !== undefined) this.linkIndex = oif;
  if ((rtmFlags & RtnhFlags.Dead) !== 0) this.dead = true;
  if ((rtmFlags & RtnhFlags.Linkdown) !== 0) this.linkDown = true;
  if ((rtmFlags & (RtnhFlags.Offload | OFFLOADED)) !== 0) this.offloaded = true;
  const hops = nhId === undefined ? undefined : nexthopHops(row, names);
  if (hops !== undefined) this.nexthopHops = hops;
} as unknown as new (row: GetrouteReply, names: LinkNames, words: RouteNames) => WritableRoute;

RouteObject.prototype = Object.prototype;

/** Translates a row of the table of routes. @internal */
export function routeOf(row: GetrouteReply, names: LinkNames, words: RouteNames): Route {
  return withRow(new RouteObject(row, names, words), row) as unknown as Route;
}

function nexthopHops(row: GetrouteReply, names: LinkNames): Route['nexthopHops'] {
  if (row.multipath !== undefined) return row.multipath.map((hop) => hopOf(hop, names));
  const link = row.oif === undefined || REJECTING.includes(row.rtmType) ? undefined : names.nameOf(row.oif);
  const hop = omitUndefined({ ...wayOf(row), link });
  return Object.keys(hop).length === 0 ? undefined : [hop];
}

/** Returns the indexes of the links of a row. @internal */
export function linksOfRow({ oif, multipath = [] }: GetrouteReply): readonly number[] {
  return [...(oif === undefined ? [] : [oif]), ...multipath.map(({ rtnhIfindex }) => rtnhIfindex)];
}

/** A request while it is made. */
type WritableRequest = { -readonly [Name in Exclude<keyof NewrouteRequest, 'encap' | 'encapType'>]?: NewrouteRequest[Name] };

/** Translates a wanted route into the request that writes the whole of it. @internal */
export function routeRequest(wanted: Wanted, names: LinkNames, { tables, protocols }: RouteNames, row?: GetrouteReply): NewrouteRequest {
  const fields = wanted as { readonly [K in keyof RouteFields]?: RouteFields[K] };
  const family = fields.family!;
  const to = fields.to === undefined || fields.to === 'default' ? undefined : splitCidr(fields.to);
  const from = fields.from === undefined ? undefined : splitCidr(fields.from);
  // There may be 100,000 of them: no other object is made for each.
  const request: WritableRequest = {
    rtmFamily: familyNumber(family),
    rtmDstLen: to?.length ?? 0,
    rtmSrcLen: from?.length ?? 0,
    rtmTos: fields.tos ?? 0,
    rtmProtocol: protocols.numberOf(fields.protocol ?? 'static'),
    rtmScope: family === 4 ? scopeNumber(fields.scope ?? scopeOf(fields)) : 0,
    // The kernel derives the type of a route through a nexthop object.
    rtmType: fields.nexthop === undefined ? (fields.type ?? 'unicast') : 'unicast',
    rtmFlags: fields.onlink === true ? RtnhFlags.Onlink : 0,
    table: tables.numberOf(fields.table ?? 'main'),
  };
  const { metric, link, hops, nexthop, source, pref, expires, via, encap } = fields;
  if (to !== undefined) request.dst = to.address;
  if (from !== undefined) request.src = from.address;
  if (metric !== undefined) request.priority = metric;
  const oif = link === undefined ? undefined : names.indexOf(link);
  if (oif !== undefined) request.oif = oif;
  if (hops !== undefined) request.multipath = hopsRequest(hops, family, names)!;
  if (nexthop !== undefined) request.nhId = nexthop;
  if (typeof source === 'string') request.prefsrc = source;
  if (pref !== undefined) request.pref = pref;
  if (typeof expires === 'number') request.expires = BigInt(Math.ceil(expires / 1000));
  const metrics = metricsRequest(wanted, names, row?.metrics);
  if (metrics !== undefined) request.metrics = metrics;
  // Attributes without a property: they stay as they are.
  if (row?.flow !== undefined) request.flow = row.flow;
  if (row?.ttlPropagate !== undefined) request.ttlPropagate = row.ttlPropagate;
  if (via !== undefined && encap === undefined && versionOf(via) === family) request.gateway = via;
  else if (via !== undefined || encap !== undefined) Object.assign(request, wayRequest(fields, family));
  return request;
}

/** Returns the scope of an IPv4 route by its type and its way, as `ip` does. @internal */
export function scopeOf({ type = 'unicast', via, hops, nexthop }: Pick<RouteFields, 'type' | 'via' | 'hops' | 'nexthop'>): ScopeName {
  if (type === 'local' || type === 'nat') return 'host';
  if (type === 'broadcast' || type === 'multicast' || type === 'anycast') return 'link';
  if (type !== 'unicast') return 'global';
  const hasGateway = nexthop !== undefined || via !== undefined || hops?.some((hop: Hop) => hop.via !== undefined) === true;
  return hasGateway ? 'global' : 'link';
}

/** Returns the request that deletes exactly the route of a row. @internal */
export function deleteRequest(row: GetrouteReply): NewrouteRequest {
  const { rtmFlags, cacheinfo: _cacheinfo, expires: _expires, pref: _pref, multipath, ...rest } = row;
  return {
    ...rest,
    // The kernel compares the scope of an IPv4 route, except this one.
    rtmScope: row.rtmFamily === 2 ? scopeNumber('nowhere') : row.rtmScope,
    rtmFlags: rtmFlags & RtnhFlags.Onlink,
    ...(multipath !== undefined && { multipath: multipath.map((hop) => ({ ...hop, rtnhFlags: hop.rtnhFlags & RtnhFlags.Onlink })) }),
  };
}
