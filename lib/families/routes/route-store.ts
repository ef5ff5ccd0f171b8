import { SlotStore, type LiveStore, type SlotRule } from '../../live/index.js';
import type { GetrouteReply } from '../generated/rt-route.js';
import { addHops, hopsOf, removeHops, type Hop } from './nexthops.js';

const INET6 = 10;

/** Flags that the kernel changes without a word: dead, offload, link down, unresolved, trap, and what hardware says. */
const QUIET_FLAGS = 1 | 8 | 16 | 32 | 64 | 0x4000 | 0x8000 | 0x20000000;

const destination = ({ dst = '' }: GetrouteReply): string => dst;

/** What routes to one destination share that take each other's place. @internal */
export function routeKey(route: GetrouteReply): string {
  return `${shelfName(route)} ${destination(route)}`;
}

function shelfName({ rtmFamily, table, rtmTable, rtmDstLen, src, rtmSrcLen, rtmTos, priority }: GetrouteReply): string {
  return `${rtmFamily} ${table ?? rtmTable} ${rtmDstLen} ${src ?? ''}/${rtmSrcLen} ${rtmTos} ${priority ?? 0}`;
}

/** Names shelves; routes that come one after the other mostly differ by their destination alone. */
function shelves(): (route: GetrouteReply) => string {
  let last: GetrouteReply | undefined;
  let name = '';
  return (route) => {
    if (last === undefined || !sameShelf(last, route)) name = shelfName(route);
    last = route;
    return name;
  };
}

function sameShelf(one: GetrouteReply, other: GetrouteReply): boolean {
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
 * Holds routes as the kernel does: in slots, where several may stand in line.
 *
 * @param incomplete - Only some of a slot are held.
 * @internal
 */
export function routeStore(incomplete = false): LiveStore<GetrouteReply> {
  return new SlotStore<GetrouteReply>({
    shelf: shelves(),
    label: destination,
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
  return { ...route, rtmFlags: rtmFlags & ~QUIET_FLAGS, ...(hops && { multipath: inOrder(route, hops) }) };
}

function significant(route: GetrouteReply): object {
  const { multipath } = route;
  return multipath === undefined ? route : { ...route, multipath: inOrder(route, multipath) };
}

/** IPv6 nexthops are a set: events begin with the newest, dumps with the oldest. */
function inOrder({ rtmFamily }: GetrouteReply, hops: readonly Hop[]): readonly Hop[] {
  if (rtmFamily !== INET6) return hops;
  return hops.toSorted((one, other) => one.rtnhIfindex - other.rtnhIfindex || compareText(one.gateway, other.gateway));
}

function compareText(one = '', other = ''): number {
  return one < other ? -1 : Number(one > other);
}

/**
 * What a route event does to a slot with other routes in it.
 *
 * IPv4: replaces the first, is appended at the end, or comes to the front. IPv6: nexthops to one destination are one route,
 * and an event about some of them changes that; replacing takes the place of all.
 */
const rule: SlotRule<GetrouteReply> = (present, { type, value, ...flags }) => {
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
  // Only routes through a gateway join; where one with several hops has joined nothing known, something was missed.
  return hopsOf(value).length > 1 ? undefined : [...present, value];
}

function withoutHops(present: readonly GetrouteReply[], value: GetrouteReply): readonly GetrouteReply[] | undefined {
  return removeHops(present, value);
}
