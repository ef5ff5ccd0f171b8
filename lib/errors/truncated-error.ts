import { NetlinkError } from './netlink-error.js';

/**
 * A datagram was longer than the room for it and lost its end (`MSG_TRUNC`).
 *
 * Raise `datagramSize`; the receive queue (`receiveBufferSize`) has nothing to do with it.
 *
 * @public
 */
export class TruncatedError extends NetlinkError {
  /** The datagram's full length in bytes. */
  readonly length: number;
  /** How much of it was kept. */
  readonly kept: number;

  constructor(length: number, kept: number) {
    super(`EMSGSIZE receive: a datagram of ${length} bytes was truncated to ${kept}; raise datagramSize`, {
      errno: -90,
      operation: 'receive',
    });
    this.length = length;
    this.kept = kept;
  }

  static {
    this.prototype.name = 'TruncatedError';
  }
}
