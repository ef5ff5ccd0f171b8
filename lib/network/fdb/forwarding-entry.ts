import type { GetneighReply } from '../../families/rt-neigh.js';
import type { Row } from '../common/written.js';
import type { Where } from '../tables/verbs.js';

/** The properties of a forwarding entry that can be written. @public */
export interface ForwardingFields {
  /** The bridge port, or the VXLAN device, by name (`ndm_ifindex`). */
  readonly link: string;
  /** The MAC address (`NDA_LLADDR`); all zeroes for unknown receivers of a VXLAN device. */
  readonly mac: string;
  /** The VLAN of the entry (`NDA_VLAN`). */
  readonly vlan?: number;
  /**
   * The table that holds the entry: that of the bridge (`NTF_MASTER`), or that of the device itself (`NTF_SELF`).
   * @defaultValue `'device'` with `remote`, `nexthop`, `vni` or `via`, else `'bridge'`
   */
  readonly on?: 'bridge' | 'device';
  /**
   * `'permanent'`: the address of the port itself; `'static'`: written by hand; `'dynamic'`: learned, it ages (`ndm_state`).
   * @defaultValue for a new entry of a bridge `'static'`, of a device `'permanent'`
   */
  readonly state?: 'permanent' | 'static' | 'dynamic';
  /** The entry does not move to another port (`NTF_STICKY`). */
  readonly sticky?: boolean;
  /** VXLAN: the remote tunnel endpoint (`NDA_DST`). */
  readonly remote?: string;
  /** VXLAN: the UDP port of the remote endpoint (`NDA_PORT`). */
  readonly port?: number;
  /** VXLAN: the network to send to (`NDA_VNI`). */
  readonly vni?: number;
  /** VXLAN with external control: the network of the entry (`NDA_SRC_VNI`). */
  readonly sourceVni?: number;
  /** VXLAN: the link to send over, by name (`NDA_IFINDEX`). */
  readonly via?: string;
  /** VXLAN: a nexthop group with the endpoints (`NDA_NH_ID`). */
  readonly nexthop?: number;
}

/** The properties of a forwarding entry that only the kernel sets. @public */
export interface ForwardingState {
  /** The index of the link. */
  readonly linkIndex: number;
  /** The bridge, by name (`NDA_MASTER`). */
  readonly bridge?: string;
  /** A control plane learned the entry (`NTF_EXT_LEARNED`). */
  readonly external?: boolean;
  /** The hardware forwards it (`NTF_OFFLOADED`). */
  readonly offloaded?: boolean;
}

/** An entry of a bridge's or a VXLAN device's forwarding table. @public */
export interface ForwardingEntry extends ForwardingFields, ForwardingState {
  /** The row from which the object was made; not enumerable. */
  readonly [Row]: GetneighReply;
}

/** A forwarding entry to write. @public */
export type ForwardingSpec = ForwardingFields;

/** The key of a forwarding entry. A part that is omitted matches any value. @public */
export type ForwardingKey = Pick<ForwardingFields, 'link' | 'mac' | 'vlan' | 'on' | 'remote' | 'sourceVni'>;

/** A filter for forwarding entries. @public */
export type ForwardingFilter = Where<ForwardingFields & ForwardingState>;
