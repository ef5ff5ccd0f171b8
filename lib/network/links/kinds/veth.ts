import type { Netns } from '../../common/netns.js';
import { boolean, integer, linkName, mac, type Check } from '../../fields/check.js';
import { netns } from '../../fields/netns-check.js';
import { computed } from '../../fields/option.js';
import { normalise, requireFields, type Shape } from '../../fields/shape.js';
import type { Kind } from './kind.js';

/** The other end of a new veth pair. @public */
export interface VethPeer {
  /** The name of the peer (`IFLA_IFNAME` in `VETH_INFO_PEER`). */
  readonly name: string;
  /** The network namespace of the peer; that of the link if omitted. Not read. */
  readonly netns?: Netns;
  /** The MAC address of the peer. Not read. */
  readonly mac?: string;
  /** The MTU of the peer. Not read. */
  readonly mtu?: number;
  /** Sets the peer up after its creation. Not read. */
  readonly up?: boolean;
}

/** The options of a veth pair. @public */
export interface VethOptions {
  /**
   * The other end. A new link needs it. All of it except `name` has an effect at the creation only; afterwards the peer is a
   * link of its own. Readers return it if the peer is in the same network namespace.
   */
  readonly peer?: VethPeer;
}

const PEER: Shape = { fields: { name: linkName(15), netns, mac, mtu: integer(0, 0x7fff_ffff), up: boolean } };

const peer: Check = (value, path) => {
  const normal = normalise(PEER, value, path);
  requireFields(normal, ['name']);
  return normal;
};

/** The kind `veth`. The model writes the peer. @internal */
export const veth: Kind<VethOptions> = {
  options: {
    peer: {
      ...computed('peer', peer),
      write: () => undefined,
      read: () => undefined,
      same: (wanted, found) => {
        const [name, there] = [wanted, found].map((end) => (end as VethPeer | undefined)?.name);
        return there === undefined || name === there;
      },
      fixed: true,
    },
  },
  needs: ['veth.peer'],
};
