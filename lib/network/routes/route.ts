import type { GetrouteReply } from '../../families/rt-route.js';
import type { Cidr, Read, Row, Written } from '../common/written.js';
import type { ScopeName } from '../names/scopes.js';
import type { Where } from '../tables/verbs.js';
import type { Encap } from './encap.js';
import type { RouteMetrics } from './route-metrics.js';

/** The type of a route: what the kernel does with a packet (`RTN_*`). @public */
export type RouteType =
  'unicast' | 'local' | 'broadcast' | 'anycast' | 'multicast' | 'blackhole' | 'unreachable' | 'prohibit' | 'throw' | 'nat' | 'xresolve';

/** One way of a route with several. @public */
export interface Hop {
  /** The gateway (`RTA_GATEWAY`, or `RTA_VIA` if it is an IPv6 gateway of an IPv4 route). */
  readonly via?: string;
  /** The link, by name (`rtnh_ifindex`). */
  readonly link?: string;
  /**
   * The share of this hop, from 1 to 256 (`rtnh_hops` + 1).
   * @defaultValue 1
   */
  readonly weight?: number;
  /** The gateway is on the link, even if no address of the link includes it (`RTNH_F_ONLINK`). */
  readonly onlink?: boolean;
  /** The encapsulation (`RTA_ENCAP`). */
  readonly encap?: Encap;
}

/** A hop as the kernel has it. @public */
export interface RouteHop extends Hop {
  /** The kernel does not use the hop: its link is down (`RTNH_F_DEAD`). */
  readonly dead?: boolean;
  /** The link has no carrier (`RTNH_F_LINKDOWN`). */
  readonly linkDown?: boolean;
}

/** The properties of a route that can be written. @public */
export interface RouteFields<U extends Written = Read> extends RouteMetrics<U> {
  /** The network (`RTA_DST`), `10.0.0.0/8`; `'default'` for all addresses. An address alone has its full length. */
  readonly to: Cidr;
  /** The IP version. Required only for a default route if no other property determines it; readers always return it. */
  readonly family?: 4 | 6;
  /**
   * The type: what the kernel does with a packet (`rtm_type`).
   * @defaultValue `'unicast'`
   */
  readonly type?: RouteType | number;
  /** The gateway (`RTA_GATEWAY`, `RTA_VIA`). */
  readonly via?: string;
  /** The link, by name (`RTA_OIF`). */
  readonly link?: string;
  /** The gateway is on the link, even if no address of the link includes it (`RTNH_F_ONLINK`). */
  readonly onlink?: boolean;
  /** The ways of a route with several, in any order (`RTA_MULTIPATH`). A list of one is the same as `via` and `link`. */
  readonly hops?: readonly RouteHop[];
  /** The nexthop object (`RTA_NH_ID`), in place of `via`, `link` and `hops`. */
  readonly nexthop?: number;
  /**
   * The routing table, a name or a number from 1 (`RTA_TABLE`).
   * @defaultValue `'main'`
   */
  readonly table?: string | number;
  /**
   * The origin (`rtm_protocol`).
   * @defaultValue `'static'`
   */
  readonly protocol?: string | number;
  /**
   * IPv4: the scope (`rtm_scope`).
   * @defaultValue `'host'` for local routes, `'link'` without a gateway, else `'global'`
   */
  readonly scope?: ScopeName | number;
  /**
   * The metric; a lower one wins (`RTA_PRIORITY`).
   * @defaultValue 0 for IPv4, 1024 for IPv6
   */
  readonly metric?: number;
  /** The preferred source address (`RTA_PREFSRC`). */
  readonly source?: string | U['none'];
  /** IPv6: only packets from this network (`RTA_SRC`). */
  readonly from?: Cidr;
  /** IPv4: only packets with this type of service (`rtm_tos`). */
  readonly tos?: number;
  /** IPv6: the preference of router advertisements (`RTA_PREF`). */
  readonly pref?: 'low' | 'medium' | 'high';
  /** IPv6: the remaining lifetime in milliseconds, whole seconds; absent: forever (`RTA_EXPIRES`). */
  readonly expires?: U['time'] | U['none'];
  /** The encapsulation (`RTA_ENCAP`). */
  readonly encap?: Encap | U['none'];
}

/** The properties of a route that only the kernel sets. @public */
export interface RouteState {
  /** The IP version. */
  readonly family: 4 | 6;
  /** The index of the link; absent for a route with several hops. */
  readonly linkIndex?: number;
  /** The kernel does not use the route: its link is down (`RTNH_F_DEAD`). */
  readonly dead?: boolean;
  /** The link has no carrier (`RTNH_F_LINKDOWN`). */
  readonly linkDown?: boolean;
  /** The hardware forwards the packets (`RTM_F_OFFLOAD`). */
  readonly offloaded?: boolean;
  /** The hops of the nexthop object, as the kernel reports them with the route. */
  readonly nexthopHops?: readonly RouteHop[];
}

/** A route. @public */
export interface Route extends Omit<RouteFields, 'family'>, RouteState {
  /** The row from which the object was made; not enumerable. */
  readonly [Row]: GetrouteReply;
}

/** A route to write. @public */
export type RouteSpec = RouteFields<Written>;

/**
 * The key of a route.
 *
 * An omitted part matches anything, with three exceptions: `table` is `'main'`, and without `tos` or `from` only a route without
 * it matches.
 *
 * @public
 */
export type RouteKey = Pick<
  RouteFields,
  'to' | 'family' | 'table' | 'metric' | 'tos' | 'from' | 'type' | 'via' | 'link' | 'hops' | 'nexthop' | 'protocol'
>;

/** A filter for routes. @public */
export type RouteFilter = Where<Omit<RouteFields, 'family'> & RouteState>;
