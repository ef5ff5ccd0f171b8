import { MessageFlags, type DatagramOrigin } from '../wire/index.js';

/** The trust in a datagram as a reply to a request. @internal */
export const Trust = {
  /** From a process, from another namespace, or of unknown origin: never a reply. */
  None: 0,
  /** From the kernel to a multicast group: a reply only to a request with the echo flag. */
  Echo: 1,
  /** From the kernel to this socket alone. */
  Reply: 2,
} as const;
Object.freeze(Trust);

/** @internal */
export type Trust = (typeof Trust)[keyof typeof Trust];

/**
 * Returns the trust in a datagram by its origin, before its contents are read.
 *
 * Any process can write a matching sequence number and port ID into a message; only the kernel has port 0. A notification
 * that this socket caused carries its sequence number and port, so a multicast message is not a reply either, except to a
 * request with the echo flag.
 *
 * @internal
 */
export function trustOf({ sender, group, nsid, unsure }: DatagramOrigin): Trust {
  if (sender.portId !== 0 || nsid !== undefined || unsure === true) return Trust.None;
  // Without packet info, the mask of the address still contains the first 32 groups that it was sent to.
  return group === 0 && sender.groups === 0 ? Trust.Reply : Trust.Echo;
}

/** Tests whether a datagram of this trust may answer a request with these flags. @internal */
export function isTrusted(trust: Trust, requestFlags: number): boolean {
  return trust === Trust.Reply || (trust === Trust.Echo && (requestFlags & MessageFlags.Echo) !== 0);
}

/**
 * Tests whether the port ID of a message matches a request.
 *
 * Most families reply with the port of the requesting socket, route lookups with the port of the request's header, audit
 * with 0 (Linux 6.18).
 *
 * @param portId - Port ID of the message.
 * @param socketPortId - Port ID of the socket that sent the request.
 * @param requestPortId - Port ID in the request's header.
 * @internal
 */
export function isAddressed(portId: number, socketPortId: number, requestPortId: number): boolean {
  return portId === socketPortId || portId === requestPortId || portId === 0;
}
