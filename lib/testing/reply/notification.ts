import type { MessageInit } from '../../wire/index.js';

/**
 * Builds a notification: what the kernel says of its own accord, so sequence and port ID are 0.
 *
 * @param type - Its type.
 * @param payload - Its bytes.
 * @param cause - Where a request caused it, that request: its sequence and port ID are repeated, and the flags of a
 *   notification about a replaced or appended object are those of the request.
 * @public
 */
export function notification(
  type: number,
  payload: Uint8Array,
  cause: Pick<MessageInit, 'flags' | 'sequence' | 'portId'> = {},
): MessageInit {
  return { type, flags: cause.flags ?? 0, sequence: cause.sequence ?? 0, portId: cause.portId ?? 0, payload };
}
