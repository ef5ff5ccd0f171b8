/* The network of a namespace */
export { network, type Network, type NetworkOptions } from './network.js';
export { type NetworkClients } from './clients.js';
export { namespaces, type Namespaces } from './namespaces/namespaces.js';
export { type Namespace, type NamespaceOptions, type NamespaceVerbOptions } from './namespaces/namespace.js';
export { type NamespaceProject, type NamespaceValue } from './namespaces/all-namespaces.js';
export { type NamespaceSpawnOptions } from './namespaces/spawn/spawn-inside.js';

export { networkInterfaces } from './interfaces/network-interfaces.js';
export { type InterfaceAddress, type NetworkInterfaceAddress, type NetworkInterfaces } from './interfaces/interface-rows.js';

export { type View, type ViewFilters, type ViewRows } from './view.js';

/* Tables */
export {
  type Address,
  type AddressFields,
  type AddressFilter,
  type AddressKey,
  type AddressProtocol,
  type AddressSpec,
  type AddressState,
} from './addresses/address.js';
export {
  type Neighbour,
  type NeighbourFields,
  type NeighbourFilter,
  type NeighbourKey,
  type NeighbourSpec,
  type NeighbourState,
  type NeighbourStateName,
} from './neighbours/neighbour.js';
export {
  type ForwardingEntry,
  type ForwardingFields,
  type ForwardingFilter,
  type ForwardingKey,
  type ForwardingSpec,
  type ForwardingState,
} from './fdb/forwarding-entry.js';

export {
  type KindPart,
  type Link,
  type LinkFields,
  type LinkFilter,
  type LinkKey,
  type LinkPart,
  type LinkParts,
  type LinkSpec,
  type LinkState,
  type OneKind,
  type OperationalState,
  type PartSpecs,
  type WatchedPart,
  type With,
} from './links/link.js';
export { type LinkStatistics } from './links/parts/link-statistics.js';
export { type LinkConditions } from './links/link-conditions.js';
export { type LinkVerbs } from './links/link-verbs.js';
export { type LinkKind, type LinkKinds } from './links/kinds/kinds.js';
export { type Vf } from './links/parts/vf.js';
export { type VlanRange } from './links/parts/vlan-range.js';
export { type BridgePort } from './links/ports/bridge-port.js';
export { type BondPort } from './links/ports/bond-port.js';
export { type Ipv4Settings } from './links/settings/ipv4-settings.js';
export { type Ipv6Settings } from './links/settings/ipv6-settings.js';
export { type OffloadSettings } from './links/settings/offload-settings.js';
export { type BondOptions } from './links/kinds/bond.js';
export { type Gre6Options, type GreOptions } from './links/kinds/tunnels/gre.js';
export { type IpvlanOptions } from './links/kinds/ipvlan.js';
export { type OvpnOptions } from './links/kinds/tunnels/ovpn.js';
export { type SitOptions } from './links/kinds/tunnels/sit.js';
export { type Tunnel6Options, type TunnelOptions } from './links/kinds/tunnels/tunnel.js';
export { type VlanOptions, type VlanPriority } from './links/kinds/vlan.js';
export { type VrfOptions } from './links/kinds/vrf.js';
export { type BridgeOptions, type MulticastRouter } from './links/kinds/bridge.js';
export { type MacvlanOptions } from './links/kinds/macvlan.js';
export { type NoOptions } from './links/kinds/kind.js';
export { type TunOptions } from './links/kinds/tun.js';
export { type BatadvOptions } from './links/kinds/batadv.js';
export { type HsrOptions } from './links/kinds/hsr.js';
export { type MacsecCipher, type MacsecOptions } from './links/kinds/macsec.js';
export { type NetkitOptions } from './links/kinds/pairs/netkit.js';
export { type LinkPeer, type PairOptions } from './links/kinds/pairs/peer.js';
export { type AmtOptions } from './links/kinds/tunnels/amt.js';
export { type BareUdpOptions } from './links/kinds/tunnels/bareudp.js';
export { type EncapsulationOptions } from './links/kinds/tunnels/encapsulation.js';
export { type ErspanOptions } from './links/kinds/tunnels/erspan.js';
export { type GeneveOptions } from './links/kinds/tunnels/geneve.js';
export { type GreKeyOptions } from './links/kinds/tunnels/gre-keys.js';
export { type GtpOptions } from './links/kinds/tunnels/gtp.js';
export { type Ip6HeaderOptions } from './links/kinds/tunnels/ip6-header.js';
export { type VtiOptions } from './links/kinds/tunnels/vti.js';
export { type IpoibOptions } from './links/kinds/devices/ipoib.js';
export { type RmnetOptions } from './links/kinds/devices/rmnet.js';
export { type XfrmOptions } from './links/kinds/tunnels/xfrm.js';
export { type VlanProtocol } from './links/kinds/vlan-protocol.js';
export { type PortRange, type VxlanOptions } from './links/kinds/tunnels/vxlan.js';
export { type WireguardOptions } from './links/kinds/wireguard.js';
export { type Netns } from './common/netns.js';

export { type Routes } from './routes/route-table.js';
export { type LookupOptions } from './routes/route-lookup.js';
export {
  type Hop,
  type Route,
  type RouteFields,
  type RouteFilter,
  type RouteHop,
  type RouteKey,
  type RouteSpec,
  type RouteState,
  type RouteType,
} from './routes/route.js';
export { type Encap, type Ip6Encap, type IpEncap, type MplsEncap, type OtherEncap, type Seg6Encap, type Seg6Mode } from './routes/encap.js';
export { type RouteMetrics } from './routes/route-metrics.js';

export {
  type Nexthop,
  type NexthopFields,
  type NexthopFilter,
  type NexthopKey,
  type NexthopMember,
  type NexthopSpec,
  type NexthopState,
  type ResilientOptions,
} from './nexthops/nexthop.js';
export {
  type Rule,
  type RuleAction,
  type RuleFields,
  type RuleFilter,
  type RuleIpProtocol,
  type RuleKey,
  type RulePorts,
  type RuleSpec,
  type RuleState,
} from './rules/rule.js';

export {
  type FilterFields,
  type FilterFilter,
  type FilterKey,
  type FilterKind,
  type FilterParent,
  type FilterSpec,
  type FilterState,
  type Shorthand,
  type TrafficFilter,
} from './filters/traffic-filter.js';
export { type FilterHandle } from './filters/filter-handle.js';
export { type PacketProtocol, type TransportName, type TransportProtocol } from './filters/protocols.js';
export { type Masked, type PortMatch, type TrafficMatch } from './filters/match/traffic-match.js';
export { type Verdict, type VerdictName } from './filters/actions/verdict.js';
export {
  type ActionFields,
  type ActionStatistics,
  type GactAction,
  type MirredAction,
  type OtherAction,
  type PoliceAction,
  type SkbeditAction,
  type TrafficAction,
  type VlanAction,
} from './filters/actions/traffic-action.js';
export {
  type WireguardPeer,
  type WireguardPeerFields,
  type WireguardPeerFilter,
  type WireguardPeerKey,
  type WireguardPeerOptions,
  type WireguardPeers,
  type WireguardPeerSpec,
  type WireguardPeerState,
} from './wireguard/wireguard-peer.js';

export type * from './firewall/index.js';

export { type ClosedProtocol, type Sockets } from './sockets/socket-table.js';
export { type EndpointFilter, type SocketEntryFilter, type SocketKey } from './sockets/socket-filter.js';
export {
  type InetSocketCommon,
  type MptcpSocket,
  type NetlinkSocketEntry,
  type OtherDetails,
  type PacketSocket,
  type RawSocket,
  type SocketCommon,
  type SocketEndpoint,
  type SocketEntry,
  type SocketKinds,
  type SocketMemory,
  type SocketOwners,
  type SocketProtocol,
  type SocketQueues,
  type SocketState,
  type SocketTimer,
  type TcpSocket,
  type UdpSocket,
  type UnixSocket,
  type VsockEndpoint,
  type VsockSocket,
  type XdpSocket,
} from './sockets/socket-entry.js';
export { type MptcpDetails } from './sockets/mptcp-details.js';
export {
  type NetlinkDetails,
  type PacketDetails,
  type PacketRing,
  type UnixDetails,
  type XdpDetails,
  type XdpStatistics,
} from './sockets/other-details.js';
export { type TcpCongestionState, type TcpDetails } from './sockets/tcp-details.js';
export {
  type OneQdiscKind,
  type Qdisc,
  type QdiscFields,
  type QdiscFilter,
  type QdiscKey,
  type QdiscKindPart,
  type QdiscParent,
  type QdiscPart,
  type QdiscSpec,
  type QdiscState,
  type WatchedQdisc,
} from './qdiscs/qdisc.js';
export { type QdiscKind, type QdiscKinds } from './qdiscs/kinds/kinds.js';
export { type CakeDiffserv, type CakeFlows, type CakeOptions } from './qdiscs/kinds/cake.js';
export { type CodelOptions, type FqCodelOptions } from './qdiscs/kinds/codel.js';
export { type BfifoOptions, type PfifoOptions } from './qdiscs/kinds/fifo.js';
export { type FqOptions } from './qdiscs/kinds/fq.js';
export { type HfscOptions } from './qdiscs/kinds/hfsc.js';
export { type HtbOptions } from './qdiscs/kinds/htb.js';
export { type NetemDistribution } from './qdiscs/kinds/netem-distribution.js';
export { type FqPieOptions, type PieOptions } from './qdiscs/kinds/pie.js';
export { type RedOptions } from './qdiscs/kinds/red.js';
export { type NetemGilbertElliott, type NetemOptions, type NetemSlot } from './qdiscs/kinds/netem.js';
export { type PfifoFastOptions, type PrioOptions } from './qdiscs/kinds/prio.js';
export { type SfqOptions } from './qdiscs/kinds/sfq.js';
export { type TbfOptions } from './qdiscs/kinds/tbf.js';
export {
  type ClassFields,
  type ClassFilter,
  type ClassKey,
  type ClassKindPart,
  type ClassPart,
  type ClassSpec,
  type ClassState,
  type OneClassKind,
  type TrafficClass,
  type WatchedClass,
} from './classes/traffic-class.js';
export { type ClassKind, type ClassKinds } from './classes/class-kinds.js';
export { type HfscClassOptions, type ServiceCurve } from './classes/hfsc-class.js';
export { type HtbClassOptions } from './classes/htb-class.js';
export { type DrrClassOptions, type QfqClassOptions } from './classes/round-robin-classes.js';
export { type LinkLayer } from './traffic/rate-spec.js';
export { type TrafficStatistics } from './traffic/statistics.js';

export { type Shape, type Shaped } from './shape/shape.js';

/* Verbs */
export {
  type Difference,
  type Ensured,
  type EnsureOptions,
  type Many,
  type Readers,
  type TableKey,
  type VerbOptions,
  type Where,
  type Writers,
} from './tables/verbs.js';
export { type Replacers } from './tables/replaceable-table.js';

/* Words and units */
export { handleText, parseHandle, type Handle } from './traffic/handle.js';
export { type NetworkNames, type NumberWords } from './names/network-names.js';
export { type ScopeName } from './names/scopes.js';
export { Row, type Cidr, type No, type Read, type Written } from './common/written.js';
export { parsePercent, parseRate, parseSize, parseTime, type Percent, type Rate, type Size, type Time } from './units/index.js';

/* Errors */
export { NetworkError, isNetworkError, type NetworkErrorOptions, type NetworkReason } from './common/network-error.js';

/* Documents */
export { parseDocument } from './documents/parse/parse-document.js';
export { type DocumentVerbs } from './documents/documents.js';
export type { ExportOptions, ExportTable } from './documents/export/export.js';
export { Basis, type Plan, type PlanDifference } from './documents/plan/plan.js';
export { type Applied, type ApplyEvent, type ApplyOptions, type LeftDifference } from './documents/apply/apply.js';
export { ApplyError, isApplyError } from './documents/apply/apply-error.js';
export { type ReconcileEvent, type ReconcileOptions } from './documents/reconcile/reconcile.js';
export { type ApplyVerbs } from './documents/apply/apply-verbs.js';
export { type Checkpoint } from './documents/apply/checkpoint.js';
export {
  type Absent,
  type ClassTree,
  type ClsactTree,
  type DocumentLink,
  type DocumentNexthop,
  type DocumentRoute,
  type DocumentRule,
  type FilterOfTree,
  type LinkLists,
  type LinkMatch,
  type NetworkDocument,
  type Ownership,
  type QdiscTree,
} from './documents/document.js';
