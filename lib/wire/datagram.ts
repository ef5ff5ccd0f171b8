/** Who sent a datagram: a netlink address. @public */
export interface SenderAddress {
  /** Port ID of the sending socket (`nl_pid`); 0 is the kernel. Not a process ID. */
  readonly portId: number;
  /** Mask of the group it was sent to (`nl_groups`); 0 for groups above 32, `group` is what names those. */
  readonly groups: number;
}

/** What the kernel says about a datagram beside its bytes. @public */
export interface DatagramOrigin {
  /** Whose it is: the kernel's, where the port ID is 0. */
  readonly sender: SenderAddress;
  /** Multicast group number from packet info (`NETLINK_PKTINFO`); 0 where it was sent to this socket alone. */
  readonly group: number;
  /** Namespace it came from (`NETLINK_LISTEN_ALL_NSID`); absent where it is the socket's own. */
  readonly nsid?: number;
  /**
   * True where the control data was cut or packet info was missing: nobody knows whether it was multicast, so it is
   * never taken for a reply.
   */
  readonly unsure?: boolean;
}

/** The bytes of one `recvmsg`, with their origin. They hold one message or more. @public */
export interface Datagram extends DatagramOrigin {
  /** A view into memory shared with other datagrams of the same wake-up; `slice()` it to keep it for long. */
  readonly bytes: Uint8Array;
}

/** The origin of bytes that nobody received: the kernel, no group. @public */
export const KERNEL_ORIGIN: DatagramOrigin = Object.freeze({ sender: Object.freeze({ portId: 0, groups: 0 }), group: 0 });
