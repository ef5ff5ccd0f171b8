import type { Read, Written } from '../../common/written.js';
import type { OptionTable } from '../../fields/option-table.js';
import { bridge, type BridgeOptions } from './bridge.js';
import { WITHOUT_OPTIONS, type Kind, type NoOptions } from './kind.js';
import { macvlan, type MacvlanOptions } from './macvlan.js';
import { tun, type TunOptions } from './tun.js';
import { veth, type VethOptions } from './veth.js';
import { vxlan, type VxlanOptions } from './vxlan.js';

/** The options of each kind of links, by the name of the kind (`IFLA_INFO_KIND`). @public */
export interface LinkKinds<U extends Written = Read> {
  readonly bridge: BridgeOptions<U>;
  readonly dummy: NoOptions;
  readonly ifb: NoOptions;
  readonly macvlan: MacvlanOptions;
  readonly macvtap: MacvlanOptions;
  readonly tun: TunOptions;
  readonly veth: VethOptions;
  readonly vxlan: VxlanOptions<U>;
  readonly wireguard: NoOptions;
}

/** A kind of links whose options this library translates. @public */
export type LinkKind = keyof LinkKinds;

const KINDS: { readonly [K in LinkKind]: Kind<LinkKinds[K]> } = {
  bridge,
  dummy: WITHOUT_OPTIONS,
  ifb: WITHOUT_OPTIONS,
  macvlan,
  macvtap: macvlan,
  tun,
  veth,
  vxlan,
  wireguard: WITHOUT_OPTIONS,
};

/** A kind without the type of its options. @internal */
export interface KnownKind extends Omit<Kind<object>, 'options'> {
  readonly options: OptionTable;
}

/** The kinds by name. @internal */
export const kinds: ReadonlyMap<string, KnownKind> = new Map(Object.entries(KINDS));
