import { RtnhFlags, RtScope, RtTable, type GetrouteReply } from '../../../families/generated/rt-route.js';
import { sameValue } from '../../../live/internal.js';
import { MessageFlags } from '../../../wire/index.js';
import type { ImpliedRoute } from '../addresses/implied-routes.js';
import type { Device } from '../links/device.js';
import type { NetworkTables } from '../network-tables.js';
import { INET, masked, numberOf } from '../prefixes.js';
import { Rejection } from '../rejection.js';
import {
  gatewayOf,
  hopsOf,
  rejects,
  routeOf,
  routeRow,
  tableOf,
  typeOf,
  type FakeRoute,
  type Hop,
  type RouteAttributes,
} from './fake-route.js';
import { implied, isImplied } from './implied-route.js';
import { wayTo } from './lookup.js';
import { RouteStore } from './route-store.js';

/** The IPv4 routes. A slot, the routes with one network, TOS and metric, holds them in order; the first one is used. @internal */
export class Ipv4Routes {
  readonly store: RouteStore = new RouteStore(INET);
  readonly #tables: NetworkTables;

  constructor(tables: NetworkTables) {
    this.#tables = tables;
  }

  rows(routes: readonly FakeRoute[] = this.store.all()): readonly GetrouteReply[] {
    return routes.map((route) => routeRow(route, this.#tables.links));
  }

  /** Adds or replaces a route (RTM_NEWROUTE), as `fib_table_insert()` does. @throws Rejection */
  add(request: RouteAttributes, flags: number): void {
    const { Exclusive, Replace, Append, Create } = MessageFlags;
    const route = this.#read(request);
    const beside = this.#beside(route);
    const [first] = beside;
    const equal = beside.find((other) => isEqual(other, route));
    if (first !== undefined) {
      if ((flags & Exclusive) !== 0) throw new Rejection('EEXIST');
      if ((flags & Replace) !== 0) {
        if (equal !== undefined && equal !== first) throw new Rejection('EEXIST');
        if (equal === first) return;
        this.store.replace(first, route);
        this.#notify('new', route, true, Replace);
        return;
      }
      if (equal !== undefined) throw new Rejection('EEXIST');
    }
    if ((flags & Create) === 0) throw new Rejection('ENOENT');
    const isAppended = (flags & Append) !== 0 && first !== undefined;
    this.store.insert(route, isAppended ? 'last' : 'first');
    this.#notify('new', route, true, Create | Exclusive | (isAppended ? Append : 0));
  }

  /** Deletes the first route that has the attributes of a request (RTM_DELROUTE). @throws Rejection */
  delete(request: RouteAttributes): void {
    const { rtmDstLen: length = 0, dst, rtmTos: tos = 0 } = request;
    const number = dst === undefined ? 0n : masked(numberOf(dst), length, INET);
    const slot = this.store.slot(tableOf(request, RtTable.Main), length, number);
    const route = slot.find((each) => each.tos === tos && isMeant(each, request));
    if (route === undefined) throw new Rejection('ESRCH');
    this.store.remove(route);
    this.#notify('del', route, true);
  }

  /** Adds a route of the kernel behind others of its slot, unless it is there. */
  addImplied(given: ImpliedRoute): void {
    const route = implied(given);
    const beside = this.#beside(route);
    if (beside.some((other) => isEqual(other, route))) return;
    this.store.insert(route, 'last');
    this.#notify('new', route, false, MessageFlags.Create | MessageFlags.Append);
  }

  deleteImplied(given: ImpliedRoute): void {
    const route = this.#beside(implied(given)).find((other) => isImplied(other, given));
    if (route === undefined) return;
    this.store.remove(route);
    this.#notify('del', route, false);
  }

  /** Takes the way over a link from all routes, silently (`fib_sync_down_dev()`). The routes to own addresses stay. */
  linkDown({ index }: Device): void {
    for (const route of this.store.all()) if (route.attributes.rtmScope !== RtScope.Host) this.#loseWay(route, index);
  }

  /** Makes the ways over a link usable again. */
  linkUp({ index }: Device): void {
    for (const { hops } of this.store.all()) for (const hop of hops) if (hop.index === index) hop.isDead = false;
  }

  /** Deletes all routes over a link, silently: it has no address any more. */
  flushDevice(index: number): void {
    for (const route of this.store.all()) this.#loseWay(route, index);
  }

  /** Deletes the routes of a link that goes away, silently. */
  linkGone({ index }: Device): void {
    for (const route of this.store.all())
      if (route.nexthop === undefined && route.hops.some((hop) => hop.index === index)) this.store.remove(route);
  }

  /** Deletes the routes with a source address that is gone, silently. */
  flushSource(source: string): void {
    for (const route of this.store.all()) if (route.attributes.prefsrc === source) this.store.remove(route);
  }

  /** Gives the routes over a nexthop object its present ways. */
  nexthopChanged(id: number, isNotified: boolean): void {
    for (const route of this.store.all()) {
      if (route.nexthop?.id !== id) continue;
      const { hops, ...nexthop } = this.#tables.nexthops.forRoute(id, INET);
      const changed = { ...route, nexthop, hops };
      this.store.replace(route, changed);
      if (isNotified) this.#notify('new', changed, false, MessageFlags.Replace);
    }
  }

  /** Deletes the routes over a nexthop object, silently. */
  nexthopGone(id: number): void {
    for (const route of this.store.all()) if (route.nexthop?.id === id) this.store.remove(route);
  }

  #loseWay(route: FakeRoute, index: number): void {
    if (route.nexthop !== undefined) return;
    const lost = route.hops.filter((hop) => hop.index === index);
    if (lost.length === 0) return;
    for (const hop of lost) hop.isDead = true;
    if (route.hops.every(({ isDead }) => isDead)) this.store.remove(route);
  }

  #beside({ table, length, number, tos, metric }: FakeRoute): readonly FakeRoute[] {
    return this.store.slot(table, length, number).filter((other) => other.tos === tos && other.metric === metric);
  }

  #read(request: RouteAttributes): FakeRoute {
    const { dst, rtmDstLen: length = 0, prefsrc, nhId, priority = 0 } = request;
    if (dst !== undefined && numberOf(dst) !== masked(numberOf(dst), length, INET))
      throw new Rejection('EINVAL', 'Invalid prefix for given prefix length');
    const table = tableOf(request, RtTable.Main);
    const nexthop = nhId === undefined ? undefined : this.#tables.nexthops.forRoute(nhId, INET);
    const hops = nexthop?.hops ?? (rejects(request) ? [] : hopsOf(request).map((hop) => this.checkHop(hop, table)));
    if (prefsrc !== undefined && !this.#tables.ipv4Addresses.has(prefsrc)) throw new Rejection('EINVAL', 'Invalid prefsrc address');
    return routeOf(request, hops, table, priority, nexthop);
  }

  /** Returns a way with its link. @throws Rejection if a packet cannot take it. */
  checkHop(hop: Hop, table: number): Hop {
    const gateway = gatewayOf(hop);
    const device = hop.index === 0 ? undefined : this.#tables.links.byIndex(hop.index);
    if (hop.index !== 0 && device === undefined) throw new Rejection('ENODEV');
    if (gateway === undefined) {
      if (device === undefined) throw new Rejection('ENODEV');
      if (!device.isUp) throw new Rejection('ENETDOWN', 'Device for nexthop is not up');
      return hop;
    }
    if ((hop.flags & RtnhFlags.Onlink) !== 0) {
      if (device === undefined) throw new Rejection('ENODEV', 'Nexthop device required for onlink');
      if (!device.isUp) throw new Rejection('ENETDOWN', 'Nexthop device is not up');
      return hop;
    }
    const family = gateway.includes(':') ? 10 : INET;
    const way = wayTo(this.#tables, family, gateway, hop.index, table);
    if (way === undefined) throw new Rejection('ENETUNREACH', 'Nexthop has invalid gateway');
    return { ...hop, index: way.index };
  }

  #notify(change: 'new' | 'del', route: FakeRoute, isCaused: boolean, flags = 0): void {
    this.#tables.notify.route(change, routeRow(route, this.#tables.links), isCaused, flags);
  }
}

/** Returns true if a slot may not hold both routes. */
function isEqual(one: FakeRoute, other: FakeRoute): boolean {
  const content = ({ attributes, hops, nexthop }: FakeRoute): unknown => [
    attributes,
    nexthop?.id,
    hops.map(({ isDead: _isDead, ...hop }) => hop),
  ];
  return sameValue(content(one), content(other));
}

/** Compares a route with a request that deletes it: omitted attributes fit any, except the scope (`fib_table_delete()`). */
function isMeant(route: FakeRoute, request: RouteAttributes): boolean {
  const { attributes, metric, hops, nexthop } = route;
  const { nhId, rtmType, rtmScope = 0, prefsrc, rtmProtocol = 0, priority = 0, metrics } = request;
  const isGiven = (value: unknown): boolean => value !== undefined && value !== 'unspec' && value !== 0;
  if (isGiven(rtmType) && rtmType !== typeOf(route)) return false;
  if (rtmScope !== RtScope.Nowhere && rtmScope !== attributes.rtmScope) return false;
  if (prefsrc !== undefined && prefsrc !== attributes.prefsrc) return false;
  if (isGiven(rtmProtocol) && rtmProtocol !== attributes.rtmProtocol) return false;
  if (isGiven(priority) && priority !== metric) return false;
  if (metrics !== undefined && !sameValue(metrics, attributes.metrics)) return false;
  if (nhId !== undefined) return nhId === nexthop?.id;
  const wanted = hopsOf(request);
  const [only] = wanted;
  if (request.multipath === undefined && only?.index === 0 && gatewayOf(only) === undefined) return true;
  if (request.multipath !== undefined && wanted.length !== hops.length) return false;
  return wanted.every((hop, at) => {
    const own = hops[at];
    return own !== undefined && (hop.index === 0 || hop.index === own.index) && [undefined, gatewayOf(own)].includes(gatewayOf(hop));
  });
}
