import { RtnhFlags, type GetrouteReply, type NewrouteRequest } from '../../families/rt-route.js';
import { omitUndefined } from '../../check/index.js';
import { familyNumber } from '../fields/address-family.js';
import { withRow } from '../common/written.js';
import { splitNetwork } from '../fields/address-checks.js';
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

/** Translates a row of the table of routes. @internal */
export function routeOf(row: GetrouteReply, names: LinkNames, { tables, protocols }: RouteNames): Route {
  const { rtmFamily, rtmDstLen, rtmSrcLen, rtmFlags, rtmType, dst, src, nhId, multipath, oif, cacheinfo } = row;
  const isIpv4 = rtmFamily === 2;
  // IPv6 routes that reject packets name the loopback link.
  const leads = !REJECTING.includes(rtmType) && nhId === undefined;
  const expires = cacheinfo?.rtaExpires ?? 0;
  const isSingle = leads && multipath === undefined;
  // There may be 100,000 of them: no other object is made for each.
  const route: Record<string, unknown> = {
    to: dst === undefined ? 'default' : `${dst}/${rtmDstLen}`,
    family: isIpv4 ? 4 : 6,
    type: rtmType,
  };
  const add = (name: keyof Route & string, value: unknown): void => {
    if (value !== undefined) route[name] = value;
  };
  if (isSingle) {
    add('via', gatewayOf(row));
    add('encap', encapOf(row));
    if (oif !== undefined) add('link', names.nameOf(oif));
  }
  if (leads && (rtmFlags & RtnhFlags.Onlink) !== 0) route.onlink = true;
  if (leads && multipath !== undefined) route.hops = multipath.map((hop) => hopOf(hop, names));
  add('nexthop', nhId);
  route.table = tables.nameOf(row.table ?? row.rtmTable);
  route.protocol = protocols.nameOf(row.rtmProtocol);
  if (isIpv4) route.scope = scopeName(row.rtmScope);
  route.metric = row.priority ?? 0;
  add('source', row.prefsrc);
  if (src !== undefined) route.from = `${src}/${rtmSrcLen}`;
  if (row.rtmTos !== 0) route.tos = row.rtmTos;
  add('pref', row.pref);
  if (expires > 0) route.expires = Math.ceil((expires * TICK) / 1000) * 1000;
  if (row.metrics !== undefined) Object.assign(route, metricsOf(row.metrics, names));
  if (isSingle) add('linkIndex', oif);
  if ((rtmFlags & RtnhFlags.Dead) !== 0) route.dead = true;
  if ((rtmFlags & RtnhFlags.Linkdown) !== 0) route.linkDown = true;
  if ((rtmFlags & (RtnhFlags.Offload | OFFLOADED)) !== 0) route.offloaded = true;
  if (nhId !== undefined) add('nexthopHops', nexthopHops(row, names));
  return withRow(route, row) as unknown as Route;
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

/** Translates a wanted route into the request that writes the whole of it. @internal */
export function routeRequest(wanted: Wanted, names: LinkNames, { tables, protocols }: RouteNames, row?: GetrouteReply): NewrouteRequest {
  const fields = wanted as { readonly [K in keyof RouteFields]?: RouteFields[K] };
  const family = fields.family!;
  const to = fields.to === undefined || fields.to === 'default' ? undefined : splitNetwork(fields.to);
  const from = fields.from === undefined ? undefined : splitNetwork(fields.from);
  const request: NewrouteRequest = {
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
  // There may be 100,000 of them: no other object is made for each.
  const add = <Name extends keyof NewrouteRequest & string>(name: Name, value: NewrouteRequest[Name] | undefined): void => {
    if (value !== undefined) (request as Record<string, unknown>)[name] = value;
  };
  add('dst', to?.address);
  add('src', from?.address);
  add('priority', fields.metric);
  add('oif', fields.link === undefined ? undefined : names.indexOf(fields.link));
  add('multipath', fields.hops && hopsRequest(fields.hops, family, names));
  add('nhId', fields.nexthop);
  add('prefsrc', fields.source ?? undefined);
  add('pref', fields.pref);
  add('expires', typeof fields.expires === 'number' ? BigInt(Math.ceil(fields.expires / 1000)) : undefined);
  add('metrics', metricsRequest(wanted, names, row?.metrics));
  // Attributes without a property: they stay as they are.
  add('flow', row?.flow);
  add('ttlPropagate', row?.ttlPropagate);
  return fields.via === undefined && fields.encap === undefined ? request : Object.assign(request, wayRequest(fields, family));
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
