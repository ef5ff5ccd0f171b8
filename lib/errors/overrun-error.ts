import { Errno } from './errno.js';
import { NetlinkError } from './netlink-error.js';

/**
 * The receive queue was full and the kernel dropped messages (`ENOBUFS`).
 *
 * The error follows all messages that were still queued; a new subscription receives only newer ones. State that was
 * built from events is stale now: read it again. The socket stays open if a subscriber subscribes again within the
 * same turn of the event loop.
 *
 * @example Continue, and reload what is stale
 * ```ts
 * socket.multicast(1).pipe(resyncOnOverrun(() => reloadEverything()));
 * ```
 * @public
 */
export class OverrunError extends NetlinkError {
  /** The number of datagrams that the kernel dropped since the last overrun (`SO_MEMINFO`); 0 if it is not known. */
  readonly dropped: number;

  constructor(dropped: number, message?: string) {
    super(
      message ??
        `ENOBUFS receive: the receive queue was full and the kernel dropped datagrams (${dropped}); raise receiveBufferSize or read faster`,
      {
        errno: -Errno.ENOBUFS,
        operation: 'receive',
      },
    );
    this.dropped = dropped;
  }

  static {
    this.prototype.name = 'OverrunError';
  }
}
