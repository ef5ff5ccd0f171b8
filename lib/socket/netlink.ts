import { NetlinkSocket } from './netlink-socket.js';
import type { NetlinkSocketOptions } from './options.js';

/**
 * Makes a netlink socket, in the manner of RxJS's `webSocket()`: it does not open the descriptor yet.
 *
 * The first subscription to a stream of the socket opens the descriptor at once; it closes after the last one ends. To hold
 * it open in between, take a lease with `connect()`.
 *
 * @param options - The options of the socket, or only the {@link Protocol}.
 * @throws TypeError or RangeError if an option is not valid.
 * @example Print the links of this machine, then every message about links
 * ```ts
 * import { netlink, Protocol, MessageFlags } from 'rxnetlink';
 *
 * const socket = netlink(Protocol.Route);
 * socket.multicast(1).subscribe((message) => console.log('changed', message.type));
 * socket.request({ type: 18, flags: MessageFlags.Dump, payload: new Uint8Array(16) }).subscribe((reply) => console.log(reply.length));
 * ```
 * @public
 */
export function netlink(options: NetlinkSocketOptions | number): NetlinkSocket {
  return new NetlinkSocket(typeof options === 'number' ? { protocol: options } : options);
}
