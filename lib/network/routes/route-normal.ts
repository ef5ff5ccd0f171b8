import { versionOf } from '../fields/address-checks.js';
import { merge } from '../tables/compare.js';
import type { Wanted } from '../tables/table-model.js';
import type { Hop, RouteHop } from './route.js';
import { REJECTING, WAYS } from './route-shape.js';

/** Types of IPv6 routes of the kernel, whose metric is 0. */
const KERNEL_TYPES: readonly unknown[] = ['local', 'anycast', 'multicast'];

const ANY: ReadonlyMap<unknown, 4 | 6> = new Map([
  ['0.0.0.0/0', 4],
  ['::/0', 6],
]);

/** Brings a route into the form of readers, in place: `'default'`, its family, one hop as `via` and `link`. @internal */
export function completeRoute(wanted: Record<string, unknown>): Wanted {
  const { to, hops, from } = wanted;
  const any = ANY.get(to);
  if (any !== undefined) {
    wanted.to = 'default';
    wanted.family ??= any;
  }
  if (ANY.has(from)) delete wanted.from;
  // The kernel keeps one hop as a gateway; its weight means nothing.
  if (Array.isArray(hops) && hops.length === 1 && !['via', 'link', 'onlink', 'encap'].some((name) => Object.hasOwn(wanted, name))) {
    const { weight: _weight, dead: _dead, linkDown: _linkDown, ...only } = hops[0] as RouteHop;
    delete wanted.hops;
    Object.assign(wanted, only);
  }
  const family = familyOf(wanted);
  if (family !== undefined && to !== undefined) wanted.family = family;
  if (family === 4 && wanted.tos === 0) delete wanted.tos;
  if (family === 6) {
    if (wanted.metric === 0 && !KERNEL_TYPES.includes(wanted.type)) wanted.metric = 1024;
    if (wanted.scope === 'global') delete wanted.scope;
  }
  return wanted;
}

/** Returns the IP version of a wanted route or a key; undefined if no property determines it. @internal */
export function familyOf({ family, to, from, source, via, hops, pref }: Wanted): 4 | 6 | undefined {
  if (family === 4 || family === 6) return family;
  if (typeof to === 'string' && to !== 'default') return versionOf(to);
  const gateways = Array.isArray(hops) ? (hops as readonly Hop[]).map((hop) => hop.via) : [];
  const address = [from, source, via, ...gateways].find((text) => typeof text === 'string');
  if (address !== undefined) return versionOf(address);
  return pref === undefined ? undefined : 6;
}

/** Returns an existing route with the wanted properties in it; another way takes the place of the old one. @internal */
export function mergeRoute(object: Wanted, wanted: Wanted): Wanted {
  const kept: Record<string, unknown> = { ...object };
  const drop = (...names: readonly string[]): void => names.forEach((name) => delete kept[name]);
  const has = (name: string): boolean => (wanted[name] ?? undefined) !== undefined;
  if (has('hops') || has('nexthop')) drop(...WAYS);
  else if (has('via') && wanted.via !== object.via) drop(...WAYS);
  else if (has('link') && wanted.link !== object.link) drop('hops', 'nexthop', ...(has('via') ? ['encap'] : []));
  else if (has('via') || has('link')) drop('hops', 'nexthop');
  if (REJECTING.includes(wanted.type) && !has('nexthop')) drop(...WAYS);
  // Another way leaves a route of a type without ways.
  if (!has('type') && REJECTING.includes(object.type) && WAYS.some(has)) drop('type');
  // The scope follows from the way.
  const moved = WAYS.some((name) => kept[name] !== object[name]) || has('via');
  if (!has('scope') && (moved || has('type'))) drop('scope');
  if (wanted.mtu === null) drop('mtuLocked');
  return { ...merge(kept, wanted), ...(has('encap') && { encap: wanted.encap }) };
}
