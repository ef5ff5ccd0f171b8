import { Errno } from './errno.js';
import { NetlinkError } from './netlink-error.js';

/** The reason why a socket is closed. @public */
export type CloseReason = 'closed' | 'not open' | 'netns';

const TEXT: Record<CloseReason, string> = {
  closed: 'the socket was closed by close(); create another one',
  'not open': 'the socket is not open; subscribe to it or hold a connect() lease',
  netns: 'the socket was closed because its network namespace was deleted',
};

/**
 * The socket is not open, or was closed.
 *
 * @public
 */
export class SocketClosedError extends NetlinkError {
  /** `'closed'` after `close()`, `'netns'` if its namespace was deleted, `'not open'` if no subscription or lease holds it open. */
  readonly reason: CloseReason;

  constructor(reason: CloseReason, operation?: string) {
    super(`EBADF ${operation ?? 'socket'}: ${TEXT[reason]}`, { errno: -Errno.EBADF, operation });
    this.reason = reason;
  }

  static {
    this.prototype.name = 'SocketClosedError';
  }
}
