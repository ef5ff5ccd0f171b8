import { FieldError } from '../common/field-error.js';
import { versionOf } from '../fields/address-checks.js';
import { requireFields } from '../fields/shape.js';
import type { Wanted } from '../tables/table-model.js';
import type { Hop } from './route.js';
import { REJECTING } from './route-shape.js';

const REQUIRED: readonly string[] = ['to'];

/** The properties of a route with one way. */
const ONE_WAY: readonly string[] = ['via', 'link', 'onlink', 'encap'];

/** Checks the properties of a route that depend on each other, as far as they are given. @throws FieldError @internal */
export function checkRoute(wanted: Wanted): void {
  requireFields(wanted, REQUIRED);
  const { to, family, hops, nexthop, type } = wanted;
  if (family !== 4 && family !== 6) throw new FieldError('family', 'is required for a default route without a gateway; write 4 or 6');
  if (to !== 'default') requireFamily('to', to, family);
  requireFamily('from', wanted.from, family);
  requireFamily('source', wanted.source, family);
  requireGateway('via', wanted.via, family);
  if (Array.isArray(hops)) requireHops(hops as readonly Hop[], family);
  const foreign = foreignOf(wanted, family);
  if (foreign !== undefined) throw new FieldError(foreign, `only IPv${family === 4 ? 6 : 4} routes have it; the kernel ignores it`);
  // Most routes have one way, and nothing that excludes it.
  if (hops === undefined && nexthop === undefined && !REJECTING.includes(type)) return;
  const beside = ONE_WAY.find((name) => isGiven(wanted[name]));
  if (hops !== undefined && beside !== undefined)
    throw new FieldError(beside, 'a route has either hops, or a gateway and a link; write it in a hop');
  const way = beside ?? (hops === undefined ? undefined : 'hops');
  if (nexthop !== undefined && way !== undefined)
    throw new FieldError(way, 'the nexthop object has the ways of the route; write either nexthop, or the others');
  if (REJECTING.includes(type) && way !== undefined)
    throw new FieldError(way, `a ${String(type)} route leads nowhere; the kernel ignores it`);
}

/** Checks a route that has changed properties in it, before it is written. @throws FieldError @internal */
export function checkWholeRoute(wanted: Wanted): void {
  checkRoute(wanted);
  checkNewRoute(wanted);
}

/** Checks what a new route needs, besides `checkRoute`. @throws FieldError @internal */
export function checkNewRoute(wanted: Wanted): void {
  const { type = 'unicast', via, link, hops, nexthop } = wanted;
  if (type === 'unicast' && (via ?? link ?? hops ?? nexthop) === undefined)
    throw new FieldError('via', 'a route needs a gateway (via), a link, hops or a nexthop; or another type, such as blackhole');
  requireOnlink('onlink', wanted);
  if (wanted.mtuLocked === true && (wanted.mtu ?? undefined) === undefined) throw new FieldError('mtuLocked', 'needs an mtu');
}

/** Without a link or a gateway, the kernel rejects the flag without a text, or ignores it. */
function requireOnlink(path: string, { onlink, via, link }: Wanted): void {
  if (onlink === true && (via === undefined || link === undefined)) throw new FieldError(path, 'needs a gateway and a link');
}

function requireFamily(path: string, address: unknown, family: 4 | 6): void {
  if (typeof address === 'string' && versionOf(address) !== family)
    throw new FieldError(path, `expected an IPv${family} address, not '${address}'`);
}

/** An IPv4 route may have an IPv6 gateway, but not the other way. */
function requireGateway(path: string, address: unknown, family: 4 | 6): void {
  if (family === 6) requireFamily(path, address, family);
}

function requireHops(hops: readonly Hop[], family: 4 | 6): void {
  for (const [index, { via, link, onlink }] of hops.entries()) {
    requireGateway(`hops[${index}].via`, via, family);
    requireOnlink(`hops[${index}].onlink`, { onlink, via, link });
  }
}

/** Returns a property that the kernel ignores, or rejects without a text, for the IP version of a route. */
function foreignOf({ tos, scope, from, pref, expires }: Wanted, family: 4 | 6): string | undefined {
  if (family === 6) return isGiven(tos) ? 'tos' : isGiven(scope) ? 'scope' : undefined;
  return isGiven(from) ? 'from' : isGiven(pref) ? 'pref' : isGiven(expires) ? 'expires' : undefined;
}

function isGiven(value: unknown): boolean {
  return value !== undefined && value !== null && value !== false;
}
