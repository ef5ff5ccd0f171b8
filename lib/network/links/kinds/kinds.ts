import type { Read, Written } from '../../common/written.js';
import type { OptionTable } from '../../fields/option-table.js';
import { batadv, type BatadvOptions } from './batadv.js';
import { bond, type BondOptions } from './bond.js';
import { bridge, type BridgeOptions } from './bridge.js';
import { hsr, type HsrOptions } from './hsr.js';
import { ipoib, type IpoibOptions } from './devices/ipoib.js';
import { ipvlan, type IpvlanOptions } from './ipvlan.js';
import { WITHOUT_OPTIONS, type Kind, type NoOptions } from './kind.js';
import { macsec, type MacsecOptions } from './macsec.js';
import { macvlan, type MacvlanOptions } from './macvlan.js';
import { ovpn, type OvpnOptions } from './tunnels/ovpn.js';
import { netkit, type NetkitOptions } from './pairs/netkit.js';
import type { PairOptions } from './pairs/peer.js';
import { veth, vxcan } from './pairs/veth.js';
import { rmnet, type RmnetOptions } from './devices/rmnet.js';
import { tun, type TunOptions } from './tun.js';
import { amt, type AmtOptions } from './tunnels/amt.js';
import { bareudp, type BareUdpOptions } from './tunnels/bareudp.js';
import type { ErspanOptions } from './tunnels/erspan.js';
import { geneve, type GeneveOptions } from './tunnels/geneve.js';
import { erspan, erspan6, gre, gre6, type Gre6Options, type GreOptions } from './tunnels/gre.js';
import { gtp, type GtpOptions } from './tunnels/gtp.js';
import { sit, type SitOptions } from './tunnels/sit.js';
import { tunnel, tunnel6, type Tunnel6Options, type TunnelOptions } from './tunnels/tunnel.js';
import { vti, vti6, type VtiOptions } from './tunnels/vti.js';
import { vxlan, type VxlanOptions } from './tunnels/vxlan.js';
import { xfrm, type XfrmOptions } from './tunnels/xfrm.js';
import { vlan, type VlanOptions } from './vlan.js';
import { vrf, type VrfOptions } from './vrf.js';
import { wireguard, type WireguardOptions } from './wireguard.js';

/** The options of each kind of links, by the name of the kind (`IFLA_INFO_KIND`). @public */
export interface LinkKinds<U extends Written = Read> {
  /** A tunnel for multicast (RFC 7450). */
  readonly amt: AmtOptions;
  /** A tunnel of packets in UDP. */
  readonly bareudp: BareUdpOptions;
  /** A mesh interface of B.A.T.M.A.N. */
  readonly batadv: BatadvOptions;
  /** A bond of several ports. */
  readonly bond: BondOptions<U>;
  /** A bridge. */
  readonly bridge: BridgeOptions<U>;
  /** A device that drops its packets. */
  readonly dummy: NoOptions;
  /** A tunnel for mirrored packets over IPv4. */
  readonly erspan: GreOptions & ErspanOptions;
  /** A GENEVE tunnel. */
  readonly geneve: GeneveOptions;
  /** A GRE tunnel over IPv4. */
  readonly gre: GreOptions;
  /** A GRE tunnel for Ethernet over IPv4. */
  readonly gretap: GreOptions;
  /** A GTP tunnel of mobile networks. */
  readonly gtp: GtpOptions;
  /** A ring with redundant paths. */
  readonly hsr: HsrOptions;
  /** An intermediate functional block, for shaping of incoming packets. */
  readonly ifb: NoOptions;
  /** A tunnel for mirrored packets over IPv6. */
  readonly ip6erspan: Gre6Options & ErspanOptions;
  /** A GRE tunnel over IPv6. */
  readonly ip6gre: Gre6Options;
  /** A GRE tunnel for Ethernet over IPv6. */
  readonly ip6gretap: Gre6Options;
  /** An IPv4 or IPv6 tunnel over IPv6. */
  readonly ip6tnl: Tunnel6Options;
  /** An IPv4 tunnel over IPv4. */
  readonly ipip: TunnelOptions;
  /** IP over InfiniBand. */
  readonly ipoib: IpoibOptions;
  /** A device with the MAC address of another link. */
  readonly ipvlan: IpvlanOptions;
  /** An ipvlan device with a character device. */
  readonly ipvtap: IpvlanOptions;
  /** An encrypted link (IEEE 802.1AE). */
  readonly macsec: MacsecOptions;
  /** A device with a MAC address of its own on another link. */
  readonly macvlan: MacvlanOptions;
  /** A macvlan device with a character device. */
  readonly macvtap: MacvlanOptions;
  /** One end of a pair that BPF programs run. */
  readonly netkit: NetkitOptions;
  /** A device that captures netlink messages. */
  readonly nlmon: NoOptions;
  /** A link of OpenVPN in the kernel. */
  readonly ovpn: OvpnOptions;
  /** A channel of a Qualcomm modem. */
  readonly rmnet: RmnetOptions;
  /** An IPv6 tunnel over IPv4. */
  readonly sit: SitOptions;
  /** Several ports that a program of user space controls. */
  readonly team: NoOptions;
  /** A tun or tap device. */
  readonly tun: TunOptions;
  /** A virtual CAN device. */
  readonly vcan: NoOptions;
  /** One end of a pair. */
  readonly veth: PairOptions;
  /** A VLAN of another link. */
  readonly vlan: VlanOptions;
  /** A routing table with ports. */
  readonly vrf: VrfOptions;
  /** A virtual tunnel interface for IPsec over IPv4. */
  readonly vti: VtiOptions;
  /** A virtual tunnel interface for IPsec over IPv6. */
  readonly vti6: VtiOptions;
  /** One end of a pair of virtual CAN devices. */
  readonly vxcan: PairOptions;
  /** A device that captures packets of virtual machines (vsock). */
  readonly vsockmon: NoOptions;
  /** A VXLAN tunnel. */
  readonly vxlan: VxlanOptions<U>;
  /** A WireGuard tunnel. */
  readonly wireguard: WireguardOptions<U>;
  /** An interface of the IPsec framework. */
  readonly xfrm: XfrmOptions;
}

/** A kind of links whose options this library translates. @public */
export type LinkKind = keyof LinkKinds;

const KINDS: { readonly [K in LinkKind]: Kind<LinkKinds[K]> } = {
  amt,
  bareudp,
  batadv,
  bond,
  bridge,
  dummy: WITHOUT_OPTIONS,
  erspan,
  geneve,
  gre,
  gretap: gre,
  gtp,
  hsr,
  ifb: WITHOUT_OPTIONS,
  ip6erspan: erspan6,
  ip6gre: gre6,
  ip6gretap: gre6,
  ip6tnl: tunnel6,
  ipip: tunnel,
  ipoib,
  ipvlan,
  ipvtap: ipvlan,
  macsec,
  macvlan,
  macvtap: macvlan,
  netkit,
  nlmon: WITHOUT_OPTIONS,
  ovpn,
  rmnet,
  sit,
  team: WITHOUT_OPTIONS,
  tun,
  vcan: WITHOUT_OPTIONS,
  veth,
  vlan,
  vrf,
  vti,
  vti6,
  vsockmon: WITHOUT_OPTIONS,
  vxcan,
  vxlan,
  wireguard,
  xfrm,
};

/** A kind without the type of its options. @internal */
export interface KnownKind extends Omit<Kind<object>, 'options'> {
  readonly options: OptionTable;
}

/** The kinds by name. @internal */
export const kinds: ReadonlyMap<string, KnownKind> = new Map(Object.entries(KINDS));
