import type { Read, Written } from '../../common/written.js';
import type { Handle } from '../../traffic/handle.js';
import type { PacketProtocol } from '../protocols.js';
import type { Verdict } from './verdict.js';

/** The properties that every action has. @public */
export interface ActionFields {
  /** The number of an action that filters share; the kernel chooses one if omitted. */
  readonly index?: number;
  /** The counters, in objects of `list`, `get` and `find`; writers ignore them. */
  readonly statistics?: ActionStatistics;
}

/** The counters of an action. @public */
export interface ActionStatistics {
  /** The bytes that the action has seen. */
  readonly bytes: bigint;
  /** The packets that the action has seen. */
  readonly packets: bigint;
  /** The packets that the action has dropped. */
  readonly drops: number;
  /** The packets over a limit. */
  readonly overlimits: number;
}

/** Decides about a packet (`gact`). @public */
export interface GactAction extends ActionFields {
  /** The kind of the action (`TCA_ACT_KIND`). */
  readonly kind: 'gact';
  /** The verdict: `'drop'`, `'pass'`, `'goto 5'`. */
  readonly then?: Verdict;
}

/** Sends a packet, or a copy of it, to a link (`mirred`). @public */
export interface MirredAction extends ActionFields {
  /** The kind of the action (`TCA_ACT_KIND`). */
  readonly kind: 'mirred';
  /** The packet itself, or a copy. @defaultValue for a new action `'redirect'` */
  readonly mode?: 'redirect' | 'mirror';
  /** The link sends the packet, or receives it. @defaultValue for a new action `'egress'` */
  readonly direction?: 'egress' | 'ingress';
  /** The link by name. Absent if it was deleted: the kernel keeps the action. */
  readonly link?: string;
  /** The verdict. @defaultValue for a new action `'stolen'` for a redirect, `'pipe'` for a copy */
  readonly then?: Verdict;
}

/** Limits the rate of packets without a queue (`police`). @public */
export interface PoliceAction<U extends Written = Read> extends ActionFields {
  /** The kind of the action (`TCA_ACT_KIND`). */
  readonly kind: 'police';
  /** The rate (`TCA_POLICE_TBF`, `TCA_POLICE_RATE64`). */
  readonly rate?: U['rate'];
  /**
   * The bytes that may pass at once. The kernel may join packets up to 64 KiB before they arrive here; a smaller burst drops them.
   * @defaultValue for a new action a 250th of a second at the rate, and 2,048 bytes
   */
  readonly burst?: U['size'];
  /** The largest packet; larger ones exceed the rate. @defaultValue for a new action 127.5 KiB, so that joined packets pass */
  readonly mtu?: U['size'];
  /** The rate of the peak, with packets up to `mtu` (`TCA_POLICE_PEAKRATE64`). */
  readonly peakRate?: U['rate'];
  /** The verdict on packets that exceed the rate. @defaultValue for a new action `'drop'` */
  readonly exceed?: Verdict;
  /** The verdict on packets within the rate (`TCA_POLICE_RESULT`). @defaultValue for a new action `'pass'` */
  readonly conform?: Verdict;
}

/** Changes the metadata of a packet (`skbedit`). @public */
export interface SkbeditAction extends ActionFields {
  /** The kind of the action (`TCA_ACT_KIND`). */
  readonly kind: 'skbedit';
  /** The mark (`TCA_SKBEDIT_MARK`). */
  readonly mark?: number;
  /** The bits of the mark to change; all if omitted (`TCA_SKBEDIT_MASK`). */
  readonly mask?: number;
  /** The class that the packet is sent to, as a handle (`TCA_SKBEDIT_PRIORITY`). */
  readonly priority?: Handle;
  /** The transmit queue (`TCA_SKBEDIT_QUEUE_MAPPING`). */
  readonly queue?: number;
  /** The address of the packet, as the host sees it (`TCA_SKBEDIT_PTYPE`). */
  readonly packetType?: 'host' | 'broadcast' | 'multicast' | 'otherhost' | number;
  /** The verdict. @defaultValue for a new action `'pipe'` */
  readonly then?: Verdict;
}

/** Adds, removes or changes a VLAN tag (`vlan`). @public */
export interface VlanAction extends ActionFields {
  /** The kind of the action (`TCA_ACT_KIND`). */
  readonly kind: 'vlan';
  /** The change. */
  readonly mode?: 'pop' | 'push' | 'modify' | 'pop-eth' | 'push-eth' | number;
  /** The number of the VLAN (`TCA_VLAN_PUSH_VLAN_ID`). */
  readonly id?: number;
  /** The protocol of the tag (`TCA_VLAN_PUSH_VLAN_PROTOCOL`). @defaultValue for a new action `'802.1q'` */
  readonly protocol?: PacketProtocol;
  /** The priority of the tag (`TCA_VLAN_PUSH_VLAN_PRIORITY`). */
  readonly priority?: number;
  /** The destination MAC address of `push-eth` (`TCA_VLAN_PUSH_ETH_DST`). */
  readonly destination?: string;
  /** The source MAC address of `push-eth` (`TCA_VLAN_PUSH_ETH_SRC`). */
  readonly source?: string;
  /** The verdict. @defaultValue for a new action `'pipe'` */
  readonly then?: Verdict;
}

/** An action that this library does not translate, in the words of the family `tc`. @public */
export interface OtherAction extends ActionFields {
  /** The kind of the action (`TCA_ACT_KIND`). */
  readonly kind: string & {};
  /** The attributes of the action: `{ parms: { action: 3 }, ... }`. */
  readonly options?: Readonly<Record<string, unknown>>;
}

/** An action of a filter, by its kind. @public */
export type TrafficAction<U extends Written = Read> =
  GactAction | MirredAction | PoliceAction<U> | SkbeditAction | VlanAction | OtherAction;
