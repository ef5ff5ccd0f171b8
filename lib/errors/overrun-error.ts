import { NetlinkError } from './netlink-error.js';

/**
 * Messages were lost, because they came faster than they were read (`ENOBUFS`).
 *
 * Comes after everything that was still queued, so what lies before it is complete and what comes after a new
 * subscription is new. State built from events is stale from here on: read it again. It does not mean that the
 * descriptor is gone; whoever subscribes again within the same turn keeps it.
 *
 * @example Go on, and say that something was missed
 * ```ts
 * socket.multicast(1).pipe(resyncOnOverrun(() => reloadEverything()));
 * ```
 * @public
 */
export class OverrunError extends NetlinkError {
  /** How many datagrams the kernel dropped since the last overrun (`SO_MEMINFO`); 0 where nobody counted. */
  readonly dropped: number;

  constructor(dropped: number, message?: string) {
    super(
      message ??
        `ENOBUFS receive: the receive queue was full and the kernel dropped datagrams (${dropped}); raise receiveBufferSize or read faster`,
      {
        errno: -105,
        operation: 'receive',
      },
    );
    this.dropped = dropped;
  }

  static {
    this.prototype.name = 'OverrunError';
  }
}
