import type { Address } from './address.js';
import type { Link } from './link.js';
import type { Nexthop, Route } from './route.js';

/** Returns the name of an interface. */
export type NameOf = (index: number) => string;

/** `2: eth0 <BROADCAST,UP> mtu 1500 52:54:00:12:34:56` */
export function linkText({ index, name, flags, mtu, address }: Link): string {
  return `${index}: ${name} <${flags.join(',')}> mtu ${mtu}${address === undefined ? '' : ` ${address}`}`;
}

/** `inet 192.0.2.1/24 dev eth0` */
export function addressLine({ family, address, peer, prefixLength, index }: Address, nameOf: NameOf): string {
  return `${family} ${address}${peer === undefined ? '' : ` peer ${peer}`}/${prefixLength} dev ${nameOf(index)}`;
}

/** `inet 198.51.100.0/24 via 192.0.2.254 dev eth0 metric 100 table main` */
export function routeText(route: Route, nameOf: NameOf): string {
  const { family, type, destination, prefixLength, metric, table, nexthops = [] } = route;
  return [
    family,
    ...(type === 'unicast' ? [] : [type]),
    destination === 'default' ? destination : `${destination}/${prefixLength}`,
    ...way(route, nameOf),
    ...nexthops.flatMap((nexthop) => ['nexthop', ...way(nexthop, nameOf), 'weight', String(nexthop.weight)]),
    ...(metric === undefined ? [] : ['metric', String(metric)]),
    'table',
    TABLES[table] ?? String(table),
  ].join(' ');
}

const TABLES: Readonly<Record<number, string>> = { 253: 'default', 254: 'main', 255: 'local' };

function way({ gateway, oif }: Pick<Route | Nexthop, 'gateway' | 'oif'>, nameOf: NameOf): string[] {
  return [...(gateway === undefined ? [] : ['via', gateway]), ...(oif === undefined ? [] : ['dev', nameOf(oif)])];
}
