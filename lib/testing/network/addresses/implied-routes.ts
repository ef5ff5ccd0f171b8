import { IfaFlags } from '../../../families/generated/rt-addr.js';
import { RtProtocol, RtScope, RtTable, type RtmType } from '../../../families/generated/rt-route.js';
import type { Device } from '../links/device.js';
import { INET, INET6, lastOf, networkOf } from '../prefixes.js';
import type { FakeAddress } from './address-attributes.js';

/** A route that the kernel keeps for an address or a link. @internal */
export interface ImpliedRoute {
  readonly family: number;
  readonly type: RtmType;
  readonly table: number;
  readonly dst: string;
  readonly length: number;
  readonly scope: number;
  readonly index: number;
  readonly metric: number;
  readonly source: string | undefined;
}

/** RTPROT_KERNEL, the protocol of these routes. @internal */
export const KERNEL: number = RtProtocol.Kernel;

/** IP6_RT_PRIO_ADDRCONF: the metric of the IPv6 routes of the kernel. */
const PREFIX_METRIC = 256;

/** ANY of IPv4. */
const NO_PREFIX = '0.0.0.0';

/**
 * Returns the routes of an IPv4 address as `fib_add_ifaddr()` makes them: the address itself, its network, its broadcast address.
 *
 * @param primary - The primary address of the subnet, the source of the routes.
 * @internal
 */
export function ipv4Routes(address: FakeAddress, primary: FakeAddress, device: Device): readonly ImpliedRoute[] {
  const { local, peer, length, broadcast, flags, changeable } = address;
  const common = { family: INET, index: device.index, source: primary.local, metric: 0 };
  const inLocal = { ...common, table: RtTable.Local, length: 32 };
  const own: ImpliedRoute = { ...inLocal, type: 'local', dst: local, scope: RtScope.Host };
  const toBroadcast = (dst: string): ImpliedRoute => ({ ...inLocal, type: 'broadcast', dst, scope: RtScope.Link });
  if (!device.isUp) return [own];
  const routes = [own];
  const network = networkOf(peer, length, INET);
  const isSubnet = (flags & IfaFlags.Secondary) === 0 && network !== NO_PREFIX && (network !== peer || length < 32 || peer !== local);
  if (isSubnet && (flags & IfaFlags.Noprefixroute) === 0) {
    const prefix = { ...common, dst: network, length, metric: changeable.rtPriority };
    if (device.isLoopback) routes.push({ ...prefix, type: 'local', table: RtTable.Local, scope: RtScope.Host });
    else routes.push({ ...prefix, type: 'unicast', table: RtTable.Main, scope: RtScope.Link });
  }
  const last = isSubnet && length < 31 ? lastOf(peer, length, INET) : undefined;
  if (broadcast !== undefined && broadcast !== '255.255.255.255' && broadcast !== last) routes.push(toBroadcast(broadcast));
  if (last !== undefined) routes.push(toBroadcast(last));
  return routes;
}

/** Returns the route to the network of an IPv6 address; undefined if it has none. @internal */
export function ipv6PrefixRoute({ peer, length, flags, changeable, index }: FakeAddress): ImpliedRoute | undefined {
  if ((flags & IfaFlags.Noprefixroute) !== 0 || (length === 128 && index === 1)) return undefined;
  return {
    ...{ family: INET6, type: 'unicast', table: RtTable.Main, scope: 0, index, source: undefined },
    ...{ dst: networkOf(peer, length, INET6), length, metric: changeable.rtPriority === 0 ? PREFIX_METRIC : changeable.rtPriority },
  };
}

/** Returns the route to an IPv6 address itself. @internal */
export function ipv6LocalRoute({ local, index }: FakeAddress): ImpliedRoute {
  return { family: INET6, type: 'local', table: RtTable.Local, dst: local, length: 128, scope: 0, index, metric: 0, source: undefined };
}

/** Returns the route to multicast addresses, which every link has that is ready. @internal */
export function ipv6MulticastRoute({ index }: Device): ImpliedRoute {
  return {
    ...{ family: INET6, type: 'multicast', table: RtTable.Local, dst: 'ff00::', length: 8 },
    ...{ scope: 0, index, metric: PREFIX_METRIC, source: undefined },
  };
}

/** Compares implied routes. @internal */
export function sameRoute(one: ImpliedRoute, other: ImpliedRoute): boolean {
  return (Object.keys(one) as (keyof ImpliedRoute)[]).every((name) => one[name] === other[name]);
}
