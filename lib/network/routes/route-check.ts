import { FieldError } from '../common/field-error.js';
import { versionOf } from '../fields/address-checks.js';
import { requireFields } from '../fields/shape.js';
import type { Wanted } from '../tables/table-model.js';
import type { Hop } from './route.js';
import { REJECTING } from './route-shape.js';

/** Properties that the kernel ignores, or rejects without a text, for one IP version. */
const ONLY: Readonly<Record<4 | 6, readonly string[]>> = { 4: ['tos', 'scope'], 6: ['from', 'pref', 'expires'] };

/** Checks the properties of a route that depend on each other, as far as they are given. @throws FieldError @internal */
export function checkRoute(wanted: Wanted): void {
  requireFields(wanted, ['to']);
  const { to, family, hops, nexthop, type } = wanted;
  if (family !== 4 && family !== 6) throw new FieldError('family', 'is required for a default route without a gateway; write 4 or 6');
  if (to !== 'default') requireFamily('to', to, family);
  for (const name of ['from', 'source']) requireFamily(name, wanted[name], family);
  requireGateway('via', wanted.via, family);
  const gateways = Array.isArray(hops) ? (hops as readonly Hop[]) : [];
  for (const [index, { via, link, onlink }] of gateways.entries()) {
    requireGateway(`hops[${index}].via`, via, family);
    requireOnlink(`hops[${index}].onlink`, { onlink, via, link });
  }
  const foreign = ONLY[family === 4 ? 6 : 4].find((name) => has(wanted, name));
  if (foreign !== undefined) throw new FieldError(foreign, `only IPv${family === 4 ? 6 : 4} routes have it; the kernel ignores it`);
  const beside = ['via', 'link', 'onlink', 'encap'].find((name) => has(wanted, name));
  if (hops !== undefined && beside !== undefined)
    throw new FieldError(beside, 'a route has either hops, or a gateway and a link; write it in a hop');
  const way = beside ?? (hops === undefined ? undefined : 'hops');
  if (nexthop !== undefined && way !== undefined)
    throw new FieldError(way, 'the nexthop object has the ways of the route; write either nexthop, or the others');
  if (REJECTING.includes(type) && way !== undefined)
    throw new FieldError(way, `a ${String(type)} route leads nowhere; the kernel ignores it`);
}

/** Checks a whole route before it is written. @throws FieldError @internal */
export function checkWholeRoute(wanted: Wanted): void {
  checkRoute(wanted);
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

function has(wanted: Wanted, name: string): boolean {
  const value = wanted[name];
  return value !== undefined && value !== null && value !== false;
}
