import { catchError, EMPTY, type Observable } from 'rxjs';
import type { NetlinkSocket } from '../../socket/index.js';
import { MessageFlags, MessageType, type Message } from '../../wire/index.js';

// RTM_GETLINK with struct ifinfomsg of interface 1, the loopback (uapi/linux/rtnetlink.h)
const GET_LINK = 18;
const LOOPBACK = Uint8Array.of(0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0);

/**
 * Completes when all messages that are queued on a socket now have been delivered.
 *
 * Sends a NOOP: its ack arrives after everything that was queued before it.
 *
 * @param socket - The socket that receives the events, of rtnetlink, generic netlink or netfilter: others do not acknowledge a NOOP.
 * @internal
 */
export function queueBarrier(socket: NetlinkSocket): Observable<Message> {
  return socket.request({ type: MessageType.Noop }, { dump: false, ordered: true, operation: 'noop' });
}

/**
 * Completes when the kernel has finished the change that holds rtnetlink's lock.
 *
 * The kernel sends a link's event before it flushes the routes of the link; a request for any single link waits for the lock.
 *
 * @internal
 */
export function rtnlSettled(socket: NetlinkSocket): Observable<Message> {
  return socket.request({ type: GET_LINK, payload: LOOPBACK }, { dump: false, operation: 'getlink' }).pipe(catchError(() => EMPTY));
}

/** Returns true for the request that {@link rtnlSettled} sends, so that a fake kernel can answer it. @internal */
export function isSettleRequest({ type, flags, payload }: Message): boolean {
  if (type !== GET_LINK || (flags & MessageFlags.Dump) !== 0 || payload.byteLength !== LOOPBACK.byteLength) return false;
  return LOOPBACK.every((byte, index) => payload[index] === byte);
}
