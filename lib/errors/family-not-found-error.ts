import { Errno } from './errno.js';
import { NetlinkError } from './netlink-error.js';

/**
 * The kernel has no generic netlink family, or no multicast group, with the requested name.
 *
 * @public
 */
export class FamilyNotFoundError extends NetlinkError {
  /** The requested name. */
  readonly familyName: string;

  constructor(familyName: string, advice: string, cause?: unknown) {
    super(`ENOENT getfamily: generic netlink family '${familyName}' not found; ${advice}`, {
      errno: -Errno.ENOENT,
      operation: 'getfamily',
      cause,
    });
    this.familyName = familyName;
  }

  static {
    this.prototype.name = 'FamilyNotFoundError';
  }
}
