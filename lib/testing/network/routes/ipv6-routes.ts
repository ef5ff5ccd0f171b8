import { RtnhFlags, RtTable, type GetrouteReply } from '../../../families/generated/rt-route.js';
import { sameValue } from '../../../live/internal.js';
import { MessageFlags } from '../../../wire/index.js';
import type { ImpliedRoute } from '../addresses/implied-routes.js';
import type { Device } from '../links/device.js';
import type { NetworkTables } from '../network-tables.js';
import { INET6, masked, networkOf, numberOf } from '../prefixes.js';
import { Rejection } from '../rejection.js';
import { gatewayOf, hopsOf, rejects, routeOf, routeRow, tableOf, type FakeRoute, type Hop, type RouteAttributes } from './fake-route.js';
import { implied, isImplied } from './implied-route.js';
import { wayTo } from './lookup.js';
import { RouteStore } from './route-store.js';

/** IP6_RT_PRIO_USER: the metric of a route without one. */
const METRIC = 1024;

/** The index of the loopback link: routes that reject packets lead there. */
const LOOPBACK = 1;

/** The IPv6 routes. Routes through gateways to one network with one metric form one route with several ways. @internal */
export class Ipv6Routes {
  readonly store: RouteStore = new RouteStore(INET6);
  readonly #tables: NetworkTables;

  constructor(tables: NetworkTables) {
    this.#tables = tables;
  }

  rows(routes: readonly FakeRoute[] = this.store.all()): readonly GetrouteReply[] {
    return routes.map((route) => routeRow(route, this.#tables.links));
  }

  /** Adds, joins or replaces a route (RTM_NEWROUTE), as `fib6_add_rt2node()` does. @throws Rejection */
  add(request: RouteAttributes, flags: number): void {
    const { Exclusive, Replace, Create, Append } = MessageFlags;
    const route = this.#read(request);
    const beside = this.#beside(route);
    if (beside.length > 0 && (flags & Exclusive) !== 0) throw new Rejection('EEXIST');
    const alike = beside.find((other) => isJoinable(other) === isJoinable(route));
    if ((flags & Replace) !== 0) {
      if (alike === undefined && (flags & Create) === 0) throw new Rejection('ENOENT', 'Can not replace route - no match found');
      if (alike === undefined) this.store.insert(route, 'last');
      else this.store.replace(alike, route);
      this.#notify('new', route, true, alike === undefined ? Create | Replace : Replace);
      return;
    }
    const present = beside.flatMap(({ hops }) => hops);
    if (route.hops.some((hop) => present.some((other) => isSameWay(hop, other)))) throw new Rejection('EEXIST');
    if (alike === undefined || !isJoinable(route)) {
      this.store.insert(route, 'last');
      this.#notify('new', route, true, Create | Exclusive);
    } else {
      this.store.replace(alike, { ...alike, hops: [...alike.hops, ...route.hops] });
      this.#notify('new', route, true, Create | Append);
    }
  }

  /** Deletes the first route that has the attributes of a request, or those of its ways that the request names. @throws Rejection */
  delete(request: RouteAttributes): void {
    const { rtmDstLen: length = 0, dst, src, rtmProtocol = 0, priority = 0 } = request;
    const number = dst === undefined ? 0n : masked(numberOf(dst), length, INET6);
    const slot = this.store.slot(tableOf(request, RtTable.Main), length, number);
    const wanted = request.nhId === undefined ? hopsOf(request) : [];
    const isWanted = (hop: Hop): boolean =>
      wanted.some((each) => (each.index === 0 || each.index === hop.index) && [undefined, gatewayOf(hop)].includes(gatewayOf(each)));
    const route = slot.find(
      ({ metric, attributes, hops, nexthop }) =>
        (priority === 0 || priority === metric) &&
        (rtmProtocol === 0 || rtmProtocol === attributes.rtmProtocol) &&
        src === attributes.src &&
        (request.nhId === undefined ? hops.some(isWanted) : nexthop?.id === request.nhId),
    );
    if (route === undefined) throw new Rejection('ESRCH');
    this.#removeHops(route, route.nexthop === undefined ? isWanted : () => true, true);
  }

  addImplied(given: ImpliedRoute): void {
    const route = implied(given);
    if (this.#beside(route).some((other) => isImplied(other, given))) return;
    this.store.insert(route, 'last');
    this.#notify('new', route, false, MessageFlags.Create | MessageFlags.Exclusive);
  }

  deleteImplied(given: ImpliedRoute): void {
    const route = this.#beside(implied(given)).find((other) => isImplied(other, given));
    if (route !== undefined) this.#removeHops(route, () => true, false);
  }

  /** Deletes the routes over a link that goes down; of routes with several ways, the kernel keeps the others. */
  linkDown({ index }: Device): void {
    const routes = this.store.all().filter(({ hops, nexthop }) => nexthop === undefined && hops.some((hop) => hop.index === index));
    const later = routes.filter(({ table }) => table === RtTable.Local);
    for (const route of [...routes.filter(({ table }) => table !== RtTable.Local), ...later]) {
      if (route.hops.every((hop) => hop.index === index)) this.#removeHops(route, () => true, false);
      else for (const hop of route.hops) if (hop.index === index) hop.isDead = true;
    }
  }

  linkUp({ index }: Device): void {
    for (const { hops } of this.store.all()) for (const hop of hops) if (hop.index === index) hop.isDead = false;
  }

  linkGone({ index }: Device): void {
    for (const route of this.store.all())
      if (route.nexthop === undefined && route.hops.some((hop) => hop.index === index))
        this.#removeHops(route, (hop) => hop.index === index, false);
  }

  /** Takes the source address from routes when it is gone (`fib6_remove_prefsrc()`), silently. */
  flushSource(source: string): void {
    for (const route of this.store.all()) {
      if (route.attributes.prefsrc !== source) continue;
      const { prefsrc: _gone, ...attributes } = route.attributes;
      this.store.replace(route, { ...route, attributes });
    }
  }

  /** Gives the routes over a nexthop object its present ways. */
  nexthopChanged(id: number, isNotified: boolean): void {
    for (const route of this.store.all()) {
      if (route.nexthop?.id !== id) continue;
      const { hops, ...nexthop } = this.#tables.nexthops.forRoute(id, INET6);
      const changed = { ...route, nexthop, hops };
      this.store.replace(route, changed);
      if (isNotified) this.#notify('new', changed, false, MessageFlags.Replace);
    }
  }

  nexthopGone(id: number): void {
    for (const route of this.store.all()) if (route.nexthop?.id === id) this.#removeHops(route, () => true, false);
  }

  #removeHops(route: FakeRoute, isWanted: (hop: Hop) => boolean, isCaused: boolean): void {
    const hops = route.hops.filter((hop) => !isWanted(hop));
    if (hops.length === 0) this.store.remove(route);
    else this.store.replace(route, { ...route, hops });
    this.#notify('del', { ...route, hops: route.hops.filter(isWanted) }, isCaused);
  }

  #beside({ table, length, number, metric, attributes }: FakeRoute): readonly FakeRoute[] {
    return this.store.slot(table, length, number).filter((other) => other.metric === metric && other.attributes.src === attributes.src);
  }

  #read(request: RouteAttributes): FakeRoute {
    const { dst, rtmDstLen: length = 0, prefsrc, nhId, priority = 0, multipath } = request;
    const table = tableOf(request, RtTable.Main);
    const nexthop = nhId === undefined ? undefined : this.#tables.nexthops.forRoute(nhId, INET6);
    const hops = nexthop?.hops ?? (rejects(request) ? [rejecting()] : hopsOf(request).map((hop) => this.checkHop(hop, table)));
    if (multipath !== undefined && hops.some((hop) => gatewayOf(hop) === undefined))
      throw new Rejection('EINVAL', 'Device only routes can not be added for IPv6 using the multipath API.');
    if (prefsrc !== undefined && !this.#tables.ipv6Addresses.has(prefsrc)) throw new Rejection('EINVAL', 'Invalid source address');
    // The kernel clears the bits of the host.
    const network = dst === undefined ? {} : { dst: networkOf(dst, length, INET6) };
    return routeOf({ ...request, ...network, rtmScope: 0 }, hops, table, priority === 0 ? METRIC : priority, nexthop);
  }

  checkHop(hop: Hop, table: number): Hop {
    const gateway = gatewayOf(hop);
    const { links, ipv6Addresses } = this.#tables;
    const device = hop.index === 0 ? undefined : links.byIndex(hop.index);
    if (device === undefined && (hop.index !== 0 || gateway === undefined)) throw new Rejection('ENODEV');
    if (device !== undefined && !device.isUp) throw new Rejection('ENETDOWN', 'Nexthop device is not up');
    if (gateway === undefined || (hop.flags & RtnhFlags.Onlink) !== 0) return hop;
    if (ipv6Addresses.has(gateway)) throw new Rejection('EINVAL', 'Gateway can not be a local address');
    if (/^fe[89ab]/.test(gateway) && device !== undefined) return hop;
    const way = wayTo(this.#tables, INET6, gateway, hop.index, table);
    if (way === undefined) throw new Rejection('EHOSTUNREACH');
    return { ...hop, index: way.index };
  }

  #notify(change: 'new' | 'del', route: FakeRoute, isCaused: boolean, flags = 0): void {
    this.#tables.notify.route(change, routeRow(route, this.#tables.links), isCaused, flags);
  }
}

/** Returns true if the kernel joins a route with others to one with several ways (`rt6_qualify_for_ecmp()`). */
function isJoinable({ hops, nexthop }: FakeRoute): boolean {
  return nexthop === undefined && hops.some((hop) => gatewayOf(hop) !== undefined);
}

function rejecting(): Hop {
  return { index: LOOPBACK, flags: 0, weight: 0, way: {}, isDead: false };
}

function isSameWay(one: Hop, other: Hop): boolean {
  return one.index === other.index && sameValue(one.way, other.way);
}
