import type { MessageInit } from '../../wire/index.js';

/**
 * Builds a notification, an unsolicited message: its sequence number and port ID are 0.
 *
 * @param type - The message type.
 * @param payload - The bytes after the header.
 * @param cause - The request that caused it, if there is one: the notification has its sequence number, its port ID and, if it
 *   is about a replaced or appended object, its flags.
 * @public
 */
export function notification(
  type: number,
  payload: Uint8Array,
  cause: Pick<MessageInit, 'flags' | 'sequence' | 'portId'> = {},
): MessageInit {
  return { type, flags: cause.flags ?? 0, sequence: cause.sequence ?? 0, portId: cause.portId ?? 0, payload };
}
