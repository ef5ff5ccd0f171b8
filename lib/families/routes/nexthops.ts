import type { GetrouteReply } from '../generated/rt-route.js';

/** One nexthop of several. @internal */
export type Hop = NonNullable<GetrouteReply['multipath']>[number];

/** Where a route leads to, one text a nexthop. @internal */
export function hopsOf(route: GetrouteReply): string[] {
  const { multipath, oif, gateway } = route;
  return multipath === undefined ? [nameOf(oif, gateway)] : multipath.map((hop) => nameOf(hop.rtnhIfindex, hop.gateway));
}

function nameOf(oif: number | undefined, gateway: string | undefined): string {
  return `${oif ?? ''} ${gateway ?? ''}`;
}

/**
 * Puts a route in the place of the one that it has grown from: the only one with some of its nexthops.
 *
 * @returns undefined where there is none, or more than one.
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
 * Takes the nexthops of a route away from the one that has them and more.
 *
 * @returns undefined where there is no such route, or what is left cannot be told.
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

/** A route with one nexthop says so in other attributes. */
function single(route: GetrouteReply, hop: Hop | undefined): GetrouteReply | undefined {
  if (hop?.gateway === undefined || hop.encapType !== undefined) return undefined;
  const { multipath: _several, ...rest } = route;
  return { ...rest, gateway: hop.gateway, oif: hop.rtnhIfindex };
}
