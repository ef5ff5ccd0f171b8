import type { GetnexthopReply } from '../../families/rt-route.js';
import type { Read, Row, Written } from '../common/written.js';
import type { Encap } from '../routes/encap.js';
import type { Where } from '../tables/verbs.js';

/** A member of a group. @public */
export interface NexthopMember {
  /** The nexthop object. */
  readonly id: number;
  /**
   * The share of this member, from 1 to 65535; kernels before 6.12 accept up to 255 (`weight` + 1 of the wire).
   * @defaultValue 1
   */
  readonly weight?: number;
}

/** The settings of a resilient group, which keeps its flows when a member comes or goes (`NHA_RES_GROUP`). @public */
export interface ResilientOptions<U extends Written = Read> {
  /** The number of buckets of the hash table (`NHA_RES_GROUP_BUCKETS`). It cannot be changed. */
  readonly buckets?: number;
  /** The time without packets after which a bucket may go to another member, in milliseconds (`NHA_RES_GROUP_IDLE_TIMER`). */
  readonly idleTimer?: U['time'];
  /** The time after which buckets are moved by force, in milliseconds; 0: never (`NHA_RES_GROUP_UNBALANCED_TIMER`). */
  readonly unbalancedTimer?: U['time'];
}

/** The properties of a nexthop object that can be written. @public */
export interface NexthopFields<U extends Written = Read> {
  /** The number that routes use (`NHA_ID`). */
  readonly id: number;
  /**
   * The IP version (`nh_family`). A gateway determines it; a group has none.
   * @defaultValue 4 for a nexthop without a gateway
   */
  readonly family?: 4 | 6;
  /** The gateway (`NHA_GATEWAY`). */
  readonly via?: string;
  /** The link, by name (`NHA_OIF`). */
  readonly link?: string;
  /** The gateway is on the link, even if no address of the link includes it (`RTNH_F_ONLINK`). */
  readonly onlink?: boolean;
  /** The kernel discards the packets (`NHA_BLACKHOLE`). */
  readonly blackhole?: boolean;
  /** The nexthop, or the group, is for the forwarding database of a VXLAN device (`NHA_FDB`). */
  readonly fdb?: boolean;
  /** The members, in any order (`NHA_GROUP`). */
  readonly group?: readonly NexthopMember[];
  /** The group keeps its flows when a member comes or goes. */
  readonly resilient?: ResilientOptions<U>;
  /**
   * The origin (`nh_protocol`).
   * @defaultValue `'static'`
   */
  readonly protocol?: string | number;
  /** The encapsulation (`NHA_ENCAP`). */
  readonly encap?: Encap | U['none'];
}

/** The properties of a nexthop object that only the kernel sets. @public */
export interface NexthopState {
  /** The index of the link. */
  readonly linkIndex?: number;
  /** The kernel does not use it: its link is down (`RTNH_F_DEAD`). */
  readonly dead?: boolean;
  /** The link has no carrier (`RTNH_F_LINKDOWN`). */
  readonly linkDown?: boolean;
  /** The hardware forwards the packets (`RTNH_F_OFFLOAD`). */
  readonly offloaded?: boolean;
}

/** A nexthop object. @public */
export interface Nexthop extends NexthopFields, NexthopState {
  /** The row from which the object was made; not enumerable. */
  readonly [Row]: GetnexthopReply;
}

/** A nexthop object to write. @public */
export type NexthopSpec = NexthopFields<Written>;

/** The key of a nexthop object. @public */
export type NexthopKey = Pick<NexthopFields, 'id'>;

/** A filter for nexthop objects. @public */
export type NexthopFilter = Where<NexthopFields & NexthopState>;
