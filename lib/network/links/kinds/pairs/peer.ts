import type { Netns } from '../../../common/netns.js';
import { boolean, integer, mac, newLinkName, type Check } from '../../../fields/check.js';
import { netns } from '../../../fields/netns-check.js';
import { computed, type Option } from '../../../fields/option.js';
import { normalise, requireFields, type Shape } from '../../../fields/shape.js';

/** The other end of a pair. @public */
export interface LinkPeer {
  /** The name of the peer (`IFLA_IFNAME` of the peer). */
  readonly name: string;
  /** The network namespace of the peer; that of the link if omitted. Not read. */
  readonly netns?: Netns;
  /** The MAC address of the peer. Not read. */
  readonly mac?: string;
  /** The MTU of the peer. Not read. */
  readonly mtu?: number;
  /** The peer is up; a new one is set up after its creation. Not read. */
  readonly up?: boolean;
}

/** The option of all pairs. @public */
export interface PairOptions {
  /**
   * The other end. A new link needs it. `ensure` and `change` compare the peer in its namespace and change it there; if it is in
   * another one than `netns`, they need `{ recreate: true }`. Without `netns`, `mac`, `mtu` and `up` need a peer in the same namespace,
   * whose name cannot be changed. Readers return its name if the peer is in the same network namespace.
   */
  readonly peer?: LinkPeer;
}

const PEER: Shape = { fields: { name: newLinkName, netns, mac, mtu: integer(0, 0x7fff_ffff), up: boolean } };

const check: Check = (value, path) => {
  const normal = normalise(PEER, value, path);
  requireFields(normal, ['name']);
  return normal;
};

/** The peer; the model reads and writes it. @internal */
export const peer: Option = {
  ...computed('peer', check),
  write: () => undefined,
  read: () => undefined,
};
