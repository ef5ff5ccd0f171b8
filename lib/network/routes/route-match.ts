import type { Wanted } from '../tables/table-model.js';
import type { Hop, Route } from './route.js';
import { sameHops } from './route-hops.js';
import { familyOf } from './route-normal.js';

const NONE: readonly string[] = [];

/** Properties that match if a key has them. */
const EXACT: readonly Exclude<keyof Route, symbol>[] = ['family', 'metric', 'type', 'via', 'link', 'nexthop', 'protocol'];

/** Returns true if a route has a key. Without `tos` or `from`, only a route without it has the key. @internal */
export function matchesRoute(route: Route, key: Wanted): boolean {
  if (route.to !== key.to || route.table !== key.table) return false;
  if ((key.tos ?? undefined) !== route.tos || (key.from ?? undefined) !== route.from) return false;
  for (const name of EXACT) if (key[name] !== undefined && key[name] !== route[name]) return false;
  return key.hops === undefined || sameHops(key.hops, route.hops);
}

/** Returns the key of the slot of a route: the kernel usually has one route there. @internal */
export function slotKey(wanted: Wanted): Wanted {
  const { to, table = 'main', tos, from } = wanted;
  const family = familyOf(wanted);
  const metric = wanted.metric ?? (family === 6 ? 1024 : 0);
  const key: Record<string, unknown> = family === undefined ? { to, table, metric } : { to, table, metric, family };
  if (tos !== undefined) key.tos = tos;
  if (from !== undefined) key.from = from;
  return key;
}

/** Names a route in words: `192.0.2.0/24 via 10.0.0.9 table 100`. @internal */
export function routeName(route: Wanted): string {
  const { to, type, via, link, nexthop, table, metric, tos, from } = route as Readonly<Record<string, string | number | undefined>>;
  // A plan has many thousands of names: no list of parts is made for each, and no text with a space in front of it.
  const isPlain = type === undefined || type === 'unicast';
  let name = isPlain ? '' : String(type);
  if (to !== undefined) name = isPlain ? String(to) : `${name} ${String(to)}`;
  if (to === 'default' && familyOf(route) === 6) name += ' (IPv6)';
  if (from !== undefined) name += ` from ${String(from)}`;
  if (via !== undefined) name += ` via ${String(via)}`;
  if (link !== undefined) name += ` dev ${String(link)}`;
  if (Array.isArray(route.hops)) name += ` ${(route.hops as readonly Hop[]).map(hopName).join(', ')}`;
  if (nexthop !== undefined) name += ` nexthop ${String(nexthop)}`;
  if (table !== undefined && table !== 'main' && table !== 254) name += ` table ${String(table)}`;
  if (metric !== undefined && metric !== 0 && metric !== 1024) name += ` metric ${String(metric)}`;
  if (tos !== undefined) name += ` tos ${String(tos)}`;
  return isPlain && to === undefined ? name.slice(1) : name;
}

function hopName({ via, link }: Hop): string {
  return [...(via === undefined ? [] : [`via ${via}`]), ...(link === undefined ? [] : [`dev ${link}`])].join(' ');
}

/** Replaces alternative names of links in the hops. @internal */
export function renameHops(wanted: Wanted, nameOf: (link: string) => string): Wanted {
  const { hops } = wanted;
  if (!Array.isArray(hops)) return wanted;
  return { ...wanted, hops: (hops as readonly Hop[]).map((hop) => (hop.link === undefined ? hop : { ...hop, link: nameOf(hop.link) })) };
}

/** Returns the links of the hops. @internal */
export function linksOfHops({ hops }: Wanted): readonly string[] {
  return Array.isArray(hops) ? (hops as readonly Hop[]).flatMap(({ link }) => link ?? []) : NONE;
}
