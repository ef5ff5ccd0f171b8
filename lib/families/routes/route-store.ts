import { OrderedStore, type LiveStore, type OrderRule } from '../../live/index.js';
import type { GetrouteReply } from '../generated/rt-route.js';
import { addHops, hopsOf, removeHops, type Hop } from './nexthops.js';

const INET6 = 10;

/** Flags that the kernel changes without an event: dead, offload, link down, unresolved, trap, and the states of hardware offload. */
const QUIET_FLAGS = 1 | 8 | 16 | 32 | 64 | 0x4000 | 0x8000 | 0x20000000;

const destination = ({ dst = '' }: GetrouteReply): string => dst;

/** Returns the key of a route's slot: routes with the same key replace one another. @internal */
export function routeKey(route: GetrouteReply): string {
  return `${groupName(route)} ${destination(route)}`;
}

function groupName({ rtmFamily, table, rtmTable, rtmDstLen, src, rtmSrcLen, rtmTos, priority }: GetrouteReply): string {
  return `${rtmFamily} ${table ?? rtmTable} ${rtmDstLen} ${src ?? ''}/${rtmSrcLen} ${rtmTos} ${priority ?? 0}`;
}

/** Creates the function that names groups. Successive routes mostly differ in their destination only, so it keeps the last name. */
function groups(): (route: GetrouteReply) => string {
  let last: GetrouteReply | undefined;
  let name = '';
  return (route) => {
    if (last === undefined || !sameGroup(last, route)) name = groupName(route);
    last = route;
    return name;
  };
}

function sameGroup(one: GetrouteReply, other: GetrouteReply): boolean {
  return (
    one.rtmFamily === other.rtmFamily &&
    one.rtmDstLen === other.rtmDstLen &&
    one.priority === other.priority &&
    one.table === other.table &&
    one.rtmTable === other.rtmTable &&
    one.rtmTos === other.rtmTos &&
    one.rtmSrcLen === other.rtmSrcLen &&
    one.src === other.src
  );
}

/**
 * Creates a store that holds routes as the kernel does: in slots of one or more routes in order.
 *
 * @param incomplete - True if the store holds only some routes of a slot.
 * @internal
 */
export function routeStore(incomplete = false): LiveStore<GetrouteReply> {
  return new OrderedStore<GetrouteReply>({
    group: groups(),
    key: destination,
    identity,
    significant,
    rule,
    incomplete,
    volatile: ['cacheinfo', 'expires'],
  });
}

function identity(route: GetrouteReply): object {
  const { rtmFlags, multipath } = route;
  const quiet = (rtmFlags & QUIET_FLAGS) !== 0;
  if (!quiet && multipath === undefined) return route;
  const hops = multipath?.map((hop) => ({ ...hop, rtnhFlags: hop.rtnhFlags & ~QUIET_FLAGS }));
  const audible = { ...route, rtmFlags: rtmFlags & ~QUIET_FLAGS };
  return hops === undefined ? audible : { ...audible, multipath: inOrder(route, hops) };
}

function significant(route: GetrouteReply): object {
  const { multipath } = route;
  return multipath === undefined ? route : { ...route, multipath: inOrder(route, multipath) };
}

/** Sorts IPv6 nexthops, which are a set: events begin with the newest, dumps with the oldest. */
function inOrder({ rtmFamily }: GetrouteReply, hops: readonly Hop[]): readonly Hop[] {
  if (rtmFamily !== INET6) return hops;
  return hops.toSorted((one, other) => one.rtnhIfindex - other.rtnhIfindex || compareText(one.gateway, other.gateway));
}

function compareText(one = '', other = ''): number {
  return one < other ? -1 : Number(one > other);
}

/**
 * Applies a route event to a slot with other routes.
 *
 * IPv4: the route replaces the first one, or is added at the end or at the front. IPv6: the nexthops to one destination form
 * one route, and an event about some of them changes it; NLM_F_REPLACE replaces all of them.
 */
const rule: OrderRule<GetrouteReply> = (present, { type, value, ...flags }) => {
  const replaces = 'replace' in flags && flags.replace;
  const appends = 'append' in flags && flags.append;
  if (value.rtmFamily === INET6) return type === 'delete' ? withoutHops(present, value) : withHops(present, value, replaces);
  if (type === 'delete') return undefined;
  if (replaces) return [value, ...present.slice(1)];
  return appends ? [...present, value] : [value, ...present];
};

function withHops(present: readonly GetrouteReply[], value: GetrouteReply, replaces: boolean): readonly GetrouteReply[] | undefined {
  if (replaces) return present.length === 1 ? [value] : undefined;
  const grown = addHops(present, value);
  if (grown !== undefined) return grown;
  // Only routes through a gateway are joined. If a route with several hops matches no known route, an event was missed.
  return hopsOf(value).length > 1 ? undefined : [...present, value];
}

function withoutHops(present: readonly GetrouteReply[], value: GetrouteReply): readonly GetrouteReply[] | undefined {
  return removeHops(present, value);
}
