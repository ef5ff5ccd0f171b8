import type { Read, Written } from '../../common/written.js';
import type { OptionTable } from '../../fields/option-table.js';
import { bond, type BondOptions } from './bond.js';
import { bridge, type BridgeOptions } from './bridge.js';
import { gre, type GreOptions } from './gre.js';
import { ipvlan, type IpvlanOptions } from './ipvlan.js';
import { WITHOUT_OPTIONS, type Kind, type NoOptions } from './kind.js';
import { macvlan, type MacvlanOptions } from './macvlan.js';
import { tun, type TunOptions } from './tun.js';
import { tunnel, type TunnelOptions } from './tunnel.js';
import { veth, type VethOptions } from './veth.js';
import { vlan, type VlanOptions } from './vlan.js';
import { vrf, type VrfOptions } from './vrf.js';
import { vxlan, type VxlanOptions } from './vxlan.js';

/** The options of each kind of links, by the name of the kind (`IFLA_INFO_KIND`). @public */
export interface LinkKinds<U extends Written = Read> {
  /** A bond of several ports. */
  readonly bond: BondOptions<U>;
  /** A bridge. */
  readonly bridge: BridgeOptions<U>;
  /** A device that drops its packets. */
  readonly dummy: NoOptions;
  /** A GRE tunnel over IPv4. */
  readonly gre: GreOptions;
  /** A GRE tunnel for Ethernet over IPv4. */
  readonly gretap: GreOptions;
  /** An intermediate functional block, for shaping of incoming packets. */
  readonly ifb: NoOptions;
  /** An IPv4 tunnel over IPv4. */
  readonly ipip: TunnelOptions;
  /** A device with the MAC address of another link. */
  readonly ipvlan: IpvlanOptions;
  /** An ipvlan device with a character device. */
  readonly ipvtap: IpvlanOptions;
  /** A device with a MAC address of its own on another link. */
  readonly macvlan: MacvlanOptions;
  /** A macvlan device with a character device. */
  readonly macvtap: MacvlanOptions;
  /** An IPv6 tunnel over IPv4. */
  readonly sit: TunnelOptions;
  /** A tun or tap device. */
  readonly tun: TunOptions;
  /** One end of a pair. */
  readonly veth: VethOptions;
  /** A VLAN of another link. */
  readonly vlan: VlanOptions;
  /** A routing table with ports. */
  readonly vrf: VrfOptions;
  /** A VXLAN tunnel. */
  readonly vxlan: VxlanOptions<U>;
  /** A WireGuard tunnel. */
  readonly wireguard: NoOptions;
}

/** A kind of links whose options this library translates. @public */
export type LinkKind = keyof LinkKinds;

const KINDS: { readonly [K in LinkKind]: Kind<LinkKinds[K]> } = {
  bond,
  bridge,
  dummy: WITHOUT_OPTIONS,
  gre,
  gretap: gre,
  ifb: WITHOUT_OPTIONS,
  ipip: tunnel,
  ipvlan,
  ipvtap: ipvlan,
  macvlan,
  macvtap: macvlan,
  sit: tunnel,
  tun,
  veth,
  vlan,
  vrf,
  vxlan,
  wireguard: WITHOUT_OPTIONS,
};

/** A kind without the type of its options. @internal */
export interface KnownKind extends Omit<Kind<object>, 'options'> {
  readonly options: OptionTable;
}

/** The kinds by name. @internal */
export const kinds: ReadonlyMap<string, KnownKind> = new Map(Object.entries(KINDS));
