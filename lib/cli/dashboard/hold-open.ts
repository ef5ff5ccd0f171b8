import { using, type Observable } from 'rxjs';
import type { NetlinkSocket } from '../../socket/index.js';

/**
 * Holds a socket open while a stream is subscribed to.
 *
 * A stream that sends a request now and then would open a socket for each, in another namespace on a thread of its own.
 *
 * @internal
 */
export function holdOpen<T>(socket: NetlinkSocket, stream: Observable<T>): Observable<T> {
  return using(
    () => leaseOf(socket),
    () => stream,
  );
}

/** A socket that cannot be opened has no lease: the requests of the stream fail and report it. */
function leaseOf(socket: NetlinkSocket): ReturnType<NetlinkSocket['connect']> | undefined {
  try {
    return socket.connect();
  } catch {
    return undefined;
  }
}
