/** A range of ports; an omitted end is open. @public */
export interface PortRange {
  /** The lowest port. */
  readonly min?: number;
  /** The highest port. */
  readonly max?: number;
}

/**
 * A condition on sockets. Several properties must all match; an empty object matches every socket.
 *
 * @public
 */
export interface SocketExpression {
  /** The local port. */
  readonly sport?: number | PortRange;
  /** The port of the peer. */
  readonly dport?: number | PortRange;
  /** The local address, or its network: `'10.0.0.0/8'`. An IPv6 socket with the address `::ffff:10.0.0.1` is in it. */
  readonly src?: string;
  /** The address of the peer, or its network. */
  readonly dst?: string;
  /** The index of the interface to which the socket is bound; 0 if it is bound to none. */
  readonly dev?: number;
  /** `SO_MARK`, or some of its bits. The kernel requires CAP_NET_ADMIN. */
  readonly mark?: number | { readonly value: number; readonly mask: number };
  /** The ID of the cgroup (version 2): the inode of its directory. */
  readonly cgroup?: bigint;
  /** All of these must match. */
  readonly and?: readonly SocketExpression[];
  /** One of these must match. */
  readonly or?: readonly SocketExpression[];
  /** This must not match. */
  readonly not?: SocketExpression;
}
