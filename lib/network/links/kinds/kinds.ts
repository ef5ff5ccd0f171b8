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
  readonly bond: BondOptions<U>;
  readonly bridge: BridgeOptions<U>;
  readonly dummy: NoOptions;
  readonly gre: GreOptions;
  readonly gretap: GreOptions;
  readonly ifb: NoOptions;
  readonly ipip: TunnelOptions;
  readonly ipvlan: IpvlanOptions;
  readonly ipvtap: IpvlanOptions;
  readonly macvlan: MacvlanOptions;
  readonly macvtap: MacvlanOptions;
  readonly sit: TunnelOptions;
  readonly tun: TunOptions;
  readonly veth: VethOptions;
  readonly vlan: VlanOptions;
  readonly vrf: VrfOptions;
  readonly vxlan: VxlanOptions<U>;
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
