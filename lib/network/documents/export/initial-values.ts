import type { Link } from '../../links/link.js';
import type { LinkKinds } from '../../links/kinds/kinds.js';
import type { BridgePort } from '../../links/ports/bridge-port.js';
import type { Ipv4Settings } from '../../links/settings/ipv4-settings.js';
import type { OffloadSettings } from '../../links/settings/offload-settings.js';

/** The values of a new link's options of a kind; those of `initial` in the table of the kind are not repeated. */
const OPTIONS: { readonly [K in keyof LinkKinds]?: LinkKinds[K] } = {
  bond: { mode: 'balance-rr', hashPolicy: 'layer2' },
  bridge: { stp: false, forwardDelay: 15_000, helloTime: 2000, maxAge: 20_000, ageing: 300_000, priority: 32_768 },
  geneve: { ttl: 0, tos: 0, label: 0, udpChecksum: true, zeroChecksum6Send: false, zeroChecksum6Receive: false },
  ipvlan: { mode: 'l3' },
  macvlan: { mode: 'vepa' },
  macvtap: { mode: 'vepa' },
  tun: { packetInfo: false, vnetHeader: false, persistent: true, multiQueue: false },
  vlan: { protocol: '802.1q', reorderHeader: true, gvrp: false, mvrp: false, looseBinding: false, bridgeBinding: false },
  vxlan: {
    ttl: 0,
    tos: 0,
    label: 0,
    ageing: 300_000,
    limit: 0,
    learning: true,
    routeShortCircuit: false,
    l2miss: false,
    l3miss: false,
    udpChecksum: true,
  },
} as { readonly [K in keyof LinkKinds]?: LinkKinds[K] };

/** The settings of a new port. Its cost follows from the speed of the link (`port_cost` in net/bridge/br_if.c). */
const BRIDGE_PORT: BridgePort = {
  priority: 32,
  hairpin: false,
  guard: false,
  rootBlock: false,
  fastLeave: false,
  learning: true,
  unicastFlood: true,
  multicastFlood: true,
  broadcastFlood: true,
  multicastToUnicast: false,
  multicastRouter: 'learn',
  multicastMaxGroups: 0,
  multicastHostsLimit: 512,
  proxyArp: false,
  proxyArpWifi: false,
  neighbourSuppress: false,
  neighbourVlanSuppress: false,
  vlanTunnel: false,
  isolated: false,
  locked: false,
  authenticationBypass: false,
  groupForwardMask: 0,
};

const OFFLOAD: OffloadSettings = {
  gsoMaxSize: 65_536,
  gsoMaxSegments: 65_535,
  gsoIpv4MaxSize: 65_536,
  groMaxSize: 65_536,
  groIpv4MaxSize: 65_536,
};

/** The settings of a new link (`ipv4_devconf_dflt` in net/ipv4/devinet.c). */
const IPV4: Ipv4Settings = {
  acceptRedirects: true,
  sendRedirects: true,
  secureRedirects: true,
  sharedMedia: true,
  acceptSourceRoute: true,
  arpEvictNoCarrier: true,
};

/** Kinds with the flags, the MTU and the names of Ethernet. */
const ETHERNET: ReadonlySet<string | undefined> = new Set([
  ...['bond', 'bridge', 'geneve', 'gretap', 'ip6gretap', 'ipvlan', 'macvlan', 'macvtap', 'veth', 'vlan', 'vxlan'],
]);

/** Kinds of Ethernet without neighbours. */
const SILENT: ReadonlySet<string | undefined> = new Set(['dummy', 'ifb']);

/** Kinds whose MTU is that of Ethernet, whatever is below them. */
const USUAL_MTU: ReadonlySet<string | undefined> = new Set(['bond', 'bridge', 'dummy', 'ifb', 'veth', 'tun']);

/** Kinds of which the kernel, or the module, chooses the number of queues. */
const QUEUES: ReadonlySet<string | undefined> = new Set(['bond', 'ifb', 'team', 'tun', 'veth', undefined]);

/** Returns the options of a kind that a new link has. @internal */
export function initialOptions(kind: string): Readonly<Record<string, unknown>> {
  return ((OPTIONS as Readonly<Record<string, unknown>>)[kind] ?? {}) as Readonly<Record<string, unknown>>;
}

/** Returns the properties of a new link of the kind; `undefined` for a property without a fixed value. @internal */
export function initialLink({ kind, name }: Pick<Link, 'kind' | 'name'>): Readonly<Record<string, unknown>> {
  const isEthernet = ETHERNET.has(kind);
  const isLoopback = name === 'lo' && kind === undefined;
  return {
    up: false,
    group: 0,
    allMulticast: false,
    promiscuous: false,
    ...((isEthernet || isLoopback) && { arp: true }),
    ...(SILENT.has(kind) && { arp: false, multicast: false }),
    ...(isEthernet && { multicast: true }),
    ...(isLoopback && { multicast: false, mtu: 65_536 }),
    ...(USUAL_MTU.has(kind) && { mtu: 1500 }),
    ...(kind === 'wireguard' && { mtu: 1420 }),
    txQueueLength: kind === 'ifb' ? 32 : 1000,
    ...(!QUEUES.has(kind) && { txQueues: 1, rxQueues: 1 }),
    offload: OFFLOAD,
    bridgePort: BRIDGE_PORT,
    bondPort: { queue: 0, priority: 0 },
    ipv4: { ...IPV4, ...(isLoopback && { disablePolicy: true, disableXfrm: true }) },
    ipv6: { addressGeneration: 'eui64' },
  };
}

/** Returns true for the number of queues that is the kernel's choice. @internal */
export function choosesQueues(kind: string | undefined): boolean {
  return QUEUES.has(kind);
}
