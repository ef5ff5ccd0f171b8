import { FieldError } from '../common/field-error.js';
import { ip, network } from '../fields/address-checks.js';
import { boolean, integer, ipVersion, linkName, list, uint32, word, type Check } from '../fields/check.js';
import { lifetime } from '../fields/lifetime.js';
import { object, type Shape } from '../fields/shape.js';
import type { RouteNames } from '../names/route-names.js';
import { SCOPES } from '../names/scopes.js';
import type { Hop, RouteState, RouteType } from './route.js';
import { encap } from './encap-rows.js';
import { METRIC_CHECKS, METRIC_NAMES } from './metric-options.js';

const TYPES: readonly RouteType[] = [
  'unicast',
  'local',
  'broadcast',
  'anycast',
  'multicast',
  'blackhole',
  'unreachable',
  'prohibit',
  'throw',
  'nat',
  'xresolve',
];

/** The types that discard a packet or end the lookup: they have no gateway and no link. @internal */
export const REJECTING: readonly unknown[] = ['blackhole', 'unreachable', 'prohibit', 'throw'];

/** The properties of the way of packets. @internal */
export const WAYS: readonly string[] = ['via', 'link', 'onlink', 'hops', 'nexthop', 'encap'];

/** Properties that only readers return. @internal */
export const ROUTE_STATE: readonly Exclude<keyof RouteState, 'family'>[] = ['linkIndex', 'dead', 'linkDown', 'offloaded', 'nexthopHops'];

/** Accepts `'default'` or a network. */
const destination: Check<string> = (value, path) => (value === 'default' ? value : network(value, path));

/** A 32-bit kernel counts lifetimes in jiffies, up to 1000 a second. */
const expiry = lifetime(1, 2_147_483, 'a route');

const HOP: Shape = {
  fields: { via: ip, link: linkName(127), weight: integer(1, 256), onlink: boolean, encap },
  out: ['dead', 'linkDown'],
};

/** Accepts one hop. @internal */
export const hop: Check<Hop> = object<Hop>(HOP) as Check<Hop>;

const hops: Check<readonly Hop[]> = (value, path) => {
  const given = list(hop)(value, path);
  if (given.length === 0) throw new FieldError(path, 'a route has at least one hop; delete the route');
  for (const [index, { via, link }] of given.entries())
    if (via === undefined && link === undefined) throw new FieldError(`${path}[${index}]`, 'a hop has a gateway or a link');
  return given;
};

/** The shapes of a spec and of a key. @internal */
export interface RouteShapes {
  readonly shape: Shape;
  readonly key: Shape;
}

const KEY_FIELDS: readonly string[] = [
  ...['to', 'family', 'table', 'metric', 'tos', 'from', 'type'],
  ...['via', 'link', 'hops', 'nexthop', 'protocol'],
];

/** Returns the properties that writers accept, and those of a key. @internal */
export function routeShapes({ tables, protocols }: RouteNames): RouteShapes {
  const fields: Record<string, Check> = {
    to: destination,
    family: ipVersion,
    type: word(TYPES),
    via: ip,
    link: linkName(127),
    onlink: boolean,
    hops,
    nexthop: integer(1, 0xffff_ffff),
    table: tables.check,
    protocol: protocols.check,
    scope: word(SCOPES),
    metric: uint32,
    source: ip,
    from: network,
    tos: integer(0, 255),
    pref: word(['low', 'medium', 'high']),
    expires: expiry,
    encap,
    ...METRIC_CHECKS,
  };
  return {
    shape: { fields, nullable: ['source', 'expires', 'encap', ...METRIC_NAMES], out: ROUTE_STATE },
    key: {
      fields: Object.fromEntries(KEY_FIELDS.map((name) => [name, fields[name]!])),
      out: [...Object.keys(fields).filter((name) => !KEY_FIELDS.includes(name)), ...ROUTE_STATE],
    },
  };
}
