import { Errno } from './errno.js';
import { NetlinkError } from './netlink-error.js';

/**
 * A datagram was longer than its buffer and lost its end (`MSG_TRUNC`).
 *
 * Raise `datagramSize`. The size of the receive queue (`receiveBufferSize`) has no influence.
 *
 * @public
 */
export class TruncatedError extends NetlinkError {
  /** The full length of the datagram in bytes. */
  readonly length: number;
  /** The number of bytes that were kept. */
  readonly kept: number;

  constructor(length: number, kept: number) {
    super(`EMSGSIZE receive: a datagram of ${length} bytes was truncated to ${kept}; raise datagramSize`, {
      errno: -Errno.EMSGSIZE,
      operation: 'receive',
    });
    this.length = length;
    this.kept = kept;
  }

  static {
    this.prototype.name = 'TruncatedError';
  }
}
