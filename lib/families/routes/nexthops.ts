import type { GetrouteReply } from '../generated/rt-route.js';

/** A nexthop of a multipath route. @internal */
export type Hop = NonNullable<GetrouteReply['multipath']>[number];

/** Returns one text per nexthop of a route. @internal */
export function hopsOf(route: GetrouteReply): string[] {
  const { multipath, oif, gateway } = route;
  return multipath === undefined ? [nameOf(oif, gateway)] : multipath.map((hop) => nameOf(hop.rtnhIfindex, hop.gateway));
}

function nameOf(oif: number | undefined, gateway: string | undefined): string {
  return `${oif ?? ''} ${gateway ?? ''}`;
}

/**
 * Replaces the route to which nexthops were added: the only one with some of the same nexthops.
 *
 * @returns The new routes; undefined if no route matches, or more than one.
 * @internal
 */
export function addHops(present: readonly GetrouteReply[], value: GetrouteReply): readonly GetrouteReply[] | undefined {
  if (value.multipath === undefined) return undefined;
  const hops = new Set(hopsOf(value));
  const related = present.filter((route) => hopsOf(route).some((hop) => hops.has(hop)));
  const [only] = related;
  return related.length === 1 && only !== undefined ? present.map((route) => (route === only ? value : route)) : undefined;
}

/**
 * Removes the nexthops of a route from the route that has these and others.
 *
 * @returns The new routes; undefined if no route has them, or if the remaining route is unknown.
 * @internal
 */
export function removeHops(present: readonly GetrouteReply[], value: GetrouteReply): readonly GetrouteReply[] | undefined {
  const gone = new Set(hopsOf(value));
  const owner = present.find((route) => route.multipath !== undefined && [...gone].every((hop) => hopsOf(route).includes(hop)));
  const hops = owner?.multipath?.filter(({ rtnhIfindex, gateway }) => !gone.has(nameOf(rtnhIfindex, gateway)));
  if (owner === undefined || hops === undefined || hops.length === 0) return undefined;
  const left = hops.length === 1 ? single(owner, hops[0]) : { ...owner, multipath: hops };
  return left === undefined ? undefined : present.map((route) => (route === owner ? left : route));
}

/** Converts a multipath route with one nexthop: the kernel describes that nexthop in other attributes. */
function single(route: GetrouteReply, hop: Hop | undefined): GetrouteReply | undefined {
  if (hop?.gateway === undefined || hop.encapType !== undefined) return undefined;
  const { multipath: _several, ...rest } = route;
  return { ...rest, gateway: hop.gateway, oif: hop.rtnhIfindex };
}
