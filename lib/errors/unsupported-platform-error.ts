import { NetlinkError } from './netlink-error.js';

/**
 * There are no netlink sockets here: another system than Linux, or no addon built for it.
 *
 * Codecs, operators and the testing kit work everywhere.
 *
 * @public
 */
export class UnsupportedPlatformError extends NetlinkError {
  constructor(reason: string, cause?: unknown) {
    super(`ENOSYS open: ${reason}`, { errno: -38, operation: 'open', cause });
  }

  static {
    this.prototype.name = 'UnsupportedPlatformError';
  }
}
