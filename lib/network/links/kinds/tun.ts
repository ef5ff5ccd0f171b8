import { FieldError } from '../../common/field-error.js';
import { number, toggle, words } from '../../fields/option.js';
import type { Kind } from './kind.js';

/** The flags of `TUNSETIFF` (uapi/linux/if_tun.h). `TUN_EXCL` rejects a name that exists (EBUSY). */
const [TUN, TAP, MULTI_QUEUE, NO_PI, VNET_HDR, TUN_EXCL] = [0x0001, 0x0002, 0x0100, 0x1000, 0x4000, 0x8000];

/** The numbers of queues that the kernel gives a device, without and with `multiQueue` (MAX_TAP_QUEUES). */
const QUEUES: readonly unknown[] = [undefined, 1, 256];

/** The options of a tun or tap link (`IFLA_TUN_*`). A new link needs `mode`; the options of an existing link cannot be changed. @public */
export interface TunOptions {
  /** Packets of the IP layer (`tun`) or Ethernet frames (`tap`). */
  readonly mode?: 'tun' | 'tap' | number;
  /** The ID of the user that may attach (`ip tuntap add user`); any with CAP_NET_ADMIN if omitted. */
  readonly owner?: number;
  /** The ID of the group that may attach (`ip tuntap add group`). */
  readonly group?: number;
  /** Each packet begins with its protocol (`IFF_NO_PI` is not set). False for a new link if omitted. */
  readonly packetInfo?: boolean;
  /** Each packet begins with a virtio header (`IFF_VNET_HDR`). */
  readonly vnetHeader?: boolean;
  /** The link outlives the program that created it (`TUNSETPERSIST`). Always true for a new link. */
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
  needs: ['tun.mode'],
  checkNew: (wanted) => {
    const { mode, persistent } = wanted['tun'] as TunOptions;
    if (mode !== 'tun' && mode !== 'tap') throw new FieldError('tun.mode', `expected 'tun' or 'tap' for a new link, not ${mode}`);
    if (persistent === false)
      throw new FieldError('tun.persistent', 'a link that is not persistent exists only while a program has it open');
    if (wanted['parent'] !== undefined) throw new FieldError('parent', "a link of kind 'tun' has no parent");
    const queues = (['txQueues', 'rxQueues'] as const).find((name) => !QUEUES.includes(wanted[name]));
    if (queues !== undefined) throw new FieldError(queues, "the kernel ignores it for a link of kind 'tun'; use tun.multiQueue");
    if ((wanted['name'] as string).includes('%')) throw new FieldError('name', "the kernel would replace '%d' by a number");
  },
  device: (options) => {
    const { mode, owner, group, packetInfo, vnetHeader, multiQueue } = options as TunOptions;
    const flags =
      (mode === 'tun' ? TUN : TAP) |
      (packetInfo === true ? 0 : NO_PI) |
      (vnetHeader === true ? VNET_HDR : 0) |
      (multiQueue === true ? MULTI_QUEUE : 0) |
      TUN_EXCL;
    return { flags, owner, group };
  },
};
