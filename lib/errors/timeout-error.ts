import { NetlinkError } from './netlink-error.js';

/**
 * No reply came in time.
 *
 * The request was sent: the kernel may have done what it asked. Time spent waiting to be sent does not count.
 *
 * @public
 */
export class TimeoutError extends NetlinkError {
  /** The time allowed, in milliseconds. */
  readonly timeout: number;

  constructor(operation: string, timeout: number) {
    super(`ETIMEDOUT ${operation}: no reply within ${timeout} ms`, { errno: -110, operation });
    this.timeout = timeout;
  }

  static {
    this.prototype.name = 'TimeoutError';
  }
}
