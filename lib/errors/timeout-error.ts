import { Errno } from './errno.js';
import { NetlinkError } from './netlink-error.js';

/**
 * The kernel sent no reply within the allowed time.
 *
 * The request was sent, so the kernel may have executed it. The time that it waited in the queue does not count.
 *
 * @public
 */
export class TimeoutError extends NetlinkError {
  /** The allowed time in milliseconds. */
  readonly timeout: number;

  constructor(operation: string, timeout: number) {
    super(`ETIMEDOUT ${operation}: no reply within ${timeout} ms`, { errno: -Errno.ETIMEDOUT, operation });
    this.timeout = timeout;
  }

  static {
    this.prototype.name = 'TimeoutError';
  }
}
