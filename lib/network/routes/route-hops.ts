import { RtnhFlags, type NewrouteRequest, type RouteAttrs, type RouteAttrsInput } from '../../families/rt-route.js';
import { omitUndefined } from '../../check/index.js';
import { versionOf } from '../fields/address-checks.js';
import type { LinkNames } from '../names/link-names.js';
import { sameValue } from '../../live/internal.js';
import type { Hop, RouteHop } from './route.js';
import { encapOf, encapRequest } from './encap-rows.js';

type HopRow = NonNullable<RouteAttrs['multipath']>[number];

/** Translates the attributes of one way: gateway and encapsulation. @internal */
export function wayOf(row: RouteAttrs): Pick<Hop, 'via' | 'encap'> {
  return omitUndefined({ via: gatewayOf(row), encap: encapOf(row) });
}

/** Returns the gateway of a route or a hop. @internal */
export function gatewayOf({ gateway, via }: RouteAttrs): string | undefined {
  return gateway ?? via?.rtviaAddr;
}

/** Translates one hop. @internal */
export function hopOf(row: HopRow, names: LinkNames): RouteHop {
  const { rtnhFlags, rtnhHops, rtnhIfindex } = row;
  return omitUndefined({
    ...wayOf(row),
    link: names.nameOf(rtnhIfindex),
    weight: rtnhHops + 1,
    onlink: flag(rtnhFlags, RtnhFlags.Onlink),
    dead: flag(rtnhFlags, RtnhFlags.Dead),
    linkDown: flag(rtnhFlags, RtnhFlags.Linkdown),
  });
}

/** Returns true if a bit is set, else undefined: flags that are off are absent. @internal */
export function flag(flags: number, bit: number): true | undefined {
  return (flags & bit) !== 0 ? true : undefined;
}

/** Translates a gateway and an encapsulation into attributes. @internal */
export function wayRequest({ via, encap }: Pick<Hop, 'via'> & { readonly encap?: Hop['encap'] | null }, family: 4 | 6): RouteAttrsInput {
  const other = via !== undefined && versionOf(via) !== family;
  return {
    ...(via !== undefined && (other ? { via: { rtviaFamily: family === 4 ? 10 : 2, rtviaAddr: via } } : { gateway: via })),
    ...encapRequest(encap),
  };
}

/** Translates hops into attributes. @internal */
export function hopsRequest(hops: readonly Hop[], family: 4 | 6, names: LinkNames): NewrouteRequest['multipath'] {
  return hops.map((hop) => ({
    rtnhIfindex: hop.link === undefined ? 0 : names.indexOf(hop.link)!,
    rtnhHops: (hop.weight ?? 1) - 1,
    rtnhFlags: hop.onlink === true ? RtnhFlags.Onlink : 0,
    ...wayRequest(hop, family),
  }));
}

/** Compares lists of hops in any order. A wanted hop without a link matches any link. @internal */
export function sameHops(wanted: unknown, found: unknown): boolean {
  if (!Array.isArray(wanted) || !Array.isArray(found) || wanted.length !== found.length) return false;
  const left = [...(found as readonly RouteHop[])];
  return (wanted as readonly Hop[]).every((hop) => {
    const index = left.findIndex((other) => isSameHop(hop, other));
    if (index >= 0) left.splice(index, 1);
    return index >= 0;
  });
}

function isSameHop(wanted: Hop, found: RouteHop): boolean {
  return (
    wanted.via === found.via &&
    (wanted.link === undefined || wanted.link === found.link) &&
    (wanted.weight ?? 1) === (found.weight ?? 1) &&
    (wanted.onlink ?? false) === (found.onlink ?? false) &&
    sameValue(wanted.encap, found.encap)
  );
}
