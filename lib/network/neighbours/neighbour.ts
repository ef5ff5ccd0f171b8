import type { GetneighReply } from '../../families/rt-neigh.js';
import type { Row } from '../common/written.js';
import type { Where } from '../tables/verbs.js';

/** The state of a neighbour entry (`NUD_*`). @public */
export type NeighbourStateName = 'none' | 'incomplete' | 'reachable' | 'stale' | 'delay' | 'probe' | 'failed' | 'noarp' | 'permanent';

/** The properties of a neighbour entry that can be written. @public */
export interface NeighbourFields {
  /** The link, by name (`ndm_ifindex`). Only an IPv4 proxy entry may omit it: the host then answers on all links. */
  readonly link?: string;
  /** The IP address of the neighbour (`NDA_DST`). */
  readonly address: string;
  /** The host answers for the address on the link (`NTF_PROXY`). Such an entry has no MAC address and no state. */
  readonly proxy?: boolean;
  /** The MAC address of the neighbour (`NDA_LLADDR`). */
  readonly mac?: string;
  /**
   * The state (`ndm_state`).
   * @defaultValue for a new entry `'permanent'`
   */
  readonly state?: NeighbourStateName | number;
  /** The neighbour is a router (`NTF_ROUTER`). */
  readonly router?: boolean;
  /** A control plane learned the entry (`NTF_EXT_LEARNED`). */
  readonly external?: boolean;
  /** The daemon that wrote the entry, by a name of rt_protos (`NDA_PROTOCOL`). */
  readonly protocol?: string | number;
}

/** The properties of a neighbour entry that only the kernel sets. @public */
export interface NeighbourState {
  /** The IP version. */
  readonly family: 4 | 6;
  /** The index of the link; 0 for a proxy on all links. */
  readonly linkIndex: number;
}

/** A neighbour: the MAC address of an IP address on a link. @public */
export interface Neighbour extends NeighbourFields, NeighbourState {
  /** The row from which the object was made; not enumerable. */
  readonly [Row]: GetneighReply;
}

/** A neighbour entry to write. @public */
export type NeighbourSpec = NeighbourFields;

/** The key of a neighbour entry. Without `proxy` it is an ordinary one. @public */
export type NeighbourKey = Pick<NeighbourFields, 'link' | 'address' | 'proxy'>;

/** A filter for neighbour entries. @public */
export type NeighbourFilter = Where<NeighbourFields & NeighbourState>;
