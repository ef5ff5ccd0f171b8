import { NetlinkSocket } from './netlink-socket.js';
import type { NetlinkSocketOptions } from './options.js';

/**
 * Makes a netlink socket, in the manner of RxJS's `webSocket()`: nothing is opened yet.
 *
 * The descriptor is opened by the first subscription to anything of it, at once, and closed after the last. To hold it
 * open in between, take a lease with `connect()`.
 *
 * @param options - How to open it, or just the {@link Protocol}.
 * @throws TypeError or RangeError if an option is wrong.
 * @example Links of this machine, and every message about them from now on
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
