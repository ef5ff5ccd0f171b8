import type { RulePorts } from '../rules/rule.js';
import type { SocketEntry, SocketProtocol, SocketState } from './socket-entry.js';

/** A condition on one end of a socket. @public */
export interface EndpointFilter {
  /** An IP address, or a network such as `10.0.0.0/8`, which mapped addresses are in too; of Unix sockets the name. */
  readonly address?: string;
  /** A port, or the first and the last one. */
  readonly port?: RulePorts;
}

/** A filter for sockets. Each property must match. @public */
export interface SocketEntryFilter<Protocol extends SocketProtocol = SocketProtocol> {
  /** One protocol, or several; all that this kernel lists if omitted. */
  readonly protocol?: Protocol | readonly Protocol[];
  /** The IP version. */
  readonly family?: 4 | 6;
  /** One state, or several. */
  readonly state?: SocketState | readonly SocketState[];
  /** The local port, or the first and the last one. */
  readonly port?: RulePorts;
  /** The local end: an address, a network, or both with a port; of Unix sockets the name. */
  readonly local?: string | EndpointFilter;
  /** The other end; `null` for sockets without one. */
  readonly remote?: string | EndpointFilter | null;
  /** The link to which the socket is bound, by name; `null` for sockets that are bound to none. */
  readonly link?: string | null;
  /** `SO_MARK`; needs CAP_NET_ADMIN. */
  readonly mark?: number;
  /** The ID of the cgroup: the inode of its directory. */
  readonly cgroup?: bigint;
  /** The user. */
  readonly uid?: number;
  /** The inode; `null` for sockets that no process has open. */
  readonly inode?: number | null;
}

/**
 * The key of a socket: an object of the table, or a filter that one socket matches. With `cookie`, which each object has, only
 * the protocol counts besides.
 *
 * @public
 */
export type SocketKey<Protocol extends SocketProtocol = SocketProtocol> =
  SocketEntry<Protocol> | (Omit<SocketEntryFilter, 'protocol'> & { readonly protocol: Protocol; readonly cookie?: bigint });
