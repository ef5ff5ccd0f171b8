import { Errno } from './errno.js';
import { NetlinkError } from './netlink-error.js';

/**
 * Netlink sockets are not available: the system is not Linux, or the native addon cannot be loaded.
 *
 * Codecs, operators and the testing kit work on every platform.
 *
 * @public
 */
export class UnsupportedPlatformError extends NetlinkError {
  constructor(reason: string, cause?: unknown) {
    super(`ENOSYS open: ${reason}`, { errno: -Errno.ENOSYS, operation: 'open', cause });
  }

  static {
    this.prototype.name = 'UnsupportedPlatformError';
  }
}
