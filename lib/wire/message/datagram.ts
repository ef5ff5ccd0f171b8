/** The netlink address of the sender of a datagram. @public */
export interface SenderAddress {
  /** Port ID of the sending socket (`nl_pid`); 0 is the kernel. Not a process ID. */
  readonly portId: number;
  /** Mask of the group it was sent to (`nl_groups`); 0 for groups above 32, see `group`. */
  readonly groups: number;
}

/** The origin of a datagram, as the kernel reports it beside the bytes. @public */
export interface DatagramOrigin {
  /** The address of the sender; port ID 0 is the kernel. */
  readonly sender: SenderAddress;
  /** Multicast group number from packet info (`NETLINK_PKTINFO`); 0 if it was sent to this socket alone. */
  readonly group: number;
  /** Namespace it came from (`NETLINK_LISTEN_ALL_NSID`); absent if it is the socket's own. */
  readonly nsid?: number;
  /**
   * True if the control data was truncated or packet info is missing. The datagram may then be multicast, so it is
   * never accepted as a reply.
   */
  readonly unsure?: boolean;
}

/** The bytes of one `recvmsg`, with their origin. They contain one message or more. @public */
export interface Datagram extends DatagramOrigin {
  /** A view into memory that the datagrams of one wake-up share; `slice()` it to keep it for long. */
  readonly bytes: Uint8Array;
}

/** The origin of bytes that were not received from a socket: the kernel, no group. @public */
export const KERNEL_ORIGIN: DatagramOrigin = Object.freeze({ sender: Object.freeze({ portId: 0, groups: 0 }), group: 0 });
