import type { GetlinkReply } from '../../families/rt-link.js';
import type { Address } from '../addresses/address.js';
import type { Netns } from '../common/netns.js';
import type { No, Read, Row, Written } from '../common/written.js';
import type { Where } from '../tables/verbs.js';
import type { LinkKind, LinkKinds } from './kinds/kinds.js';
import type { WireguardOptions } from './kinds/wireguard.js';
import type { LinkStatistics } from './parts/link-statistics.js';
import type { Vf } from './parts/vf.js';
import type { VlanRange } from './parts/vlan-range.js';
import type { BondPort } from './ports/bond-port.js';
import type { BridgePort } from './ports/bridge-port.js';
import type { Ipv4Settings } from './settings/ipv4-settings.js';
import type { Ipv6Settings } from './settings/ipv6-settings.js';
import type { OffloadSettings } from './settings/offload-settings.js';

/** The properties of a link that can be written, except its kind and the options of the kind. @public */
export interface LinkFields<U extends Written = Read> {
  /** The name, 1 to 15 bytes without a blank, a slash or a colon (`IFLA_IFNAME`). A new one has no `%` either. */
  readonly name: string;
  /** The link is up by configuration; it may lack a carrier (`IFF_UP`). */
  readonly up?: boolean;
  /** The largest packet in bytes (`IFLA_MTU`). */
  readonly mtu?: number;
  /** The MAC address, in lower case; absent if the link has none (`IFLA_ADDRESS`). */
  readonly mac?: string;
  /** A description (`IFLA_IFALIAS`). */
  readonly alias?: string | U['none'];
  /** The group, a number (`IFLA_GROUP`). */
  readonly group?: number;
  /** The length of the transmit queue in packets (`IFLA_TXQLEN`). */
  readonly txQueueLength?: number;
  /** The number of transmit queues, at the creation only (`IFLA_NUM_TX_QUEUES`). */
  readonly txQueues?: number;
  /** The number of receive queues, at the creation only (`IFLA_NUM_RX_QUEUES`). */
  readonly rxQueues?: number;
  /** The link uses ARP (`IFF_NOARP` is not set). */
  readonly arp?: boolean;
  /** The link sends multicast packets (`IFF_MULTICAST`). */
  readonly multicast?: boolean;
  /** The link receives all multicast packets, by configuration (`IFF_ALLMULTI`). */
  readonly allMulticast?: boolean;
  /** The link receives all packets, by configuration (`IFF_PROMISC`). */
  readonly promiscuous?: boolean;
  /** The bridge, bond or VRF of the link, by name (`IFLA_MASTER`). */
  readonly master?: string | U['none'];
  /** The link that carries this one, by name, at the creation only (`IFLA_LINK`). Absent if it is in another namespace. */
  readonly parent?: string;
  /** Alternative names, each up to 127 bytes; the whole list (`IFLA_PROP_LIST`). */
  readonly altnames?: readonly string[];
  /** The settings as a port of a bridge; the master must be one (`IFLA_INFO_SLAVE_DATA`). */
  readonly bridgePort?: BridgePort<U>;
  /** The settings as a port of a bond; the master must be one (`IFLA_INFO_SLAVE_DATA`). */
  readonly bondPort?: BondPort;
  /** The sizes of packets that the kernel segments or joins. */
  readonly offload?: OffloadSettings;
  /** The IPv4 settings. */
  readonly ipv4?: Ipv4Settings;
  /** The IPv6 settings that netlink can change. */
  readonly ipv6?: Ipv6Settings<U>;
}

/** The operational state of a link (RFC 2863). Many virtual links that are up have the state `unknown`. @public */
export type OperationalState = 'up' | 'down' | 'lower-layer-down' | 'dormant' | 'testing' | 'not-present' | 'unknown' | number;

/** The properties of a link that only the kernel sets. @public */
export interface LinkState {
  /** The index. */
  readonly index: number;
  /** The link is up and has a carrier (`IFF_LOWER_UP`). */
  readonly carrier: boolean;
  /** The operational state (`IFLA_OPERSTATE`). */
  readonly state: OperationalState;
  /** The smallest MTU (`IFLA_MIN_MTU`). */
  readonly minMtu?: number;
  /** The largest MTU; absent if there is no limit (`IFLA_MAX_MTU`). */
  readonly maxMtu?: number;
  /** The MAC address of the hardware (`IFLA_PERM_ADDRESS`). */
  readonly permanentMac?: string;
  /** The other end of a veth or netkit pair. The index is one of the namespace `netnsid`, if that is present (`IFLA_LINK`). */
  readonly peer?: { readonly index: number; readonly name?: string; readonly netnsid?: number };
  /** The parent, if it is in another namespace (`IFLA_LINK`, `IFLA_LINK_NETNSID`). */
  readonly elsewhere?: { readonly index: number; readonly netnsid: number };
  /** The device behind the link (`IFLA_PARENT_DEV_BUS_NAME`, `IFLA_PARENT_DEV_NAME`). */
  readonly driver?: { readonly bus?: string; readonly device?: string };
}

/** One kind of links with its options. @public */
export type OneKind<U extends Written, K extends LinkKind> = { readonly kind: K } & { readonly [P in K]?: LinkKinds<U>[P] } & No<
    Exclude<LinkKind, K> | 'options'
  >;

/**
 * The kind of a link with its options.
 *
 * The property with the options has the name of the kind. The options of a kind that this library does not translate are
 * `options`, in the words of the engine. A link of a driver has no kind.
 *
 * @public
 */
export type KindPart<U extends Written = Read> =
  | { readonly [K in LinkKind]: OneKind<U, K> }[LinkKind]
  | ({ readonly kind: string & {}; readonly options?: Readonly<Record<string, unknown>> } & No<LinkKind>)
  | No<LinkKind | 'kind' | 'options'>;

/** A network interface. @public */
export type Link = LinkFields & KindPart & LinkState & { readonly [Row]: GetlinkReply };

/** A link to write. @public */
export type LinkSpec = LinkFields<Written> &
  KindPart<Written> &
  PartSpecs & {
    /** The network namespace of the link; its `parent` and the underlay of a tunnel are in that of `network()`. */
    readonly netns?: Netns;
  };

/** The properties of a link that `change` writes. @public */
export type LinkPart = Partial<LinkFields<Written>> & KindPart<Written> & PartSpecs;

/** The parts of a link that can be written. A verb that writes one reads it for the comparison. @public */
export interface PartSpecs {
  /** The VLANs of a bridge or of a port of one; the whole list. */
  readonly vlans?: readonly VlanRange[];
  /** Settings of virtual functions; those that are not listed are left alone. */
  readonly vfs?: readonly Vf<Written>[];
}

/** The key of a link: its name, an alternative name, or its index. A link is a key too. @public */
export type LinkKey = string | { readonly index: number };

/** A filter for links. @public */
export type LinkFilter = Where<LinkFields & LinkState> & { readonly kind?: LinkKind | (string & {}) | null };

/** The parts of a link that are read only if they are requested. @public */
export interface LinkParts {
  /** The IP addresses. */
  readonly addresses: readonly Address[];
  /** The counters. */
  readonly statistics: LinkStatistics;
  /** The virtual functions; empty if the link has none (`IFLA_VFINFO_LIST`). */
  readonly vfs: readonly Vf[];
  /** The VLANs of a bridge or of a port of one, as ranges; empty for other links. */
  readonly vlans: readonly VlanRange[];
  /** The options of a WireGuard link: its port, its public key, its peers. Links of other kinds have none. */
  readonly wireguard?: WireguardOptions;
}

/** The parts of a link that `watch` follows. @public */
export type WatchedPart = 'addresses';

/** The parts of links to read. @public */
export interface With<Part> {
  /** One part, or several. */
  readonly with?: Part | readonly Part[];
}
