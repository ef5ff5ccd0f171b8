import { number, toggle, words } from '../../fields/option.js';
import type { Kind } from './kind.js';

/** The options of a tun or tap link (`IFLA_TUN_*`). The kernel reports them and accepts none of them. @public */
export interface TunOptions {
  /** Packets of the IP layer (`tun`) or Ethernet frames (`tap`). */
  readonly mode?: 'tun' | 'tap' | number;
  /** The user that may attach. */
  readonly owner?: number;
  /** The group that may attach. */
  readonly group?: number;
  /** Each packet begins with its protocol (`IFF_NO_PI` is not set). */
  readonly packetInfo?: boolean;
  /** Each packet begins with a virtio header (`IFF_VNET_HDR`). */
  readonly vnetHeader?: boolean;
  /** The link outlives the program that created it (`TUNSETPERSIST`). */
  readonly persistent?: boolean;
  /** Several queues may attach (`IFF_MULTI_QUEUE`). */
  readonly multiQueue?: boolean;
}

/** The kind `tun`. @internal */
export const tun: Kind<TunOptions> = {
  options: {
    mode: words('type', ['tun', 'tap'], { fixed: true }),
    owner: number('owner', 0xffff_ffff, { fixed: true }),
    group: number('group', 0xffff_ffff, { fixed: true }),
    packetInfo: toggle('pi', { fixed: true }),
    vnetHeader: toggle('vnetHdr', { fixed: true }),
    persistent: toggle('persist', { fixed: true }),
    multiQueue: toggle('multiQueue', { fixed: true }),
  },
  notCreated: "the kernel creates tun and tap links by ioctl only; create it with 'ip tuntap add'",
};
