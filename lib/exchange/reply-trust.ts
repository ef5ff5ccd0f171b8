import { MessageFlags, type DatagramOrigin } from '../wire/index.js';

/** How far a datagram may be believed to answer a request. @internal */
export const Trust = {
  /** From a stranger, another namespace, or nobody knows: never a reply. */
  None: 0,
  /** From the kernel to a multicast group: a reply only to a request that asked for an echo. */
  Echo: 1,
  /** From the kernel to this socket alone. */
  Reply: 2,
} as const;
Object.freeze(Trust);

/** @internal */
export type Trust = (typeof Trust)[keyof typeof Trust];

/**
 * Judges a datagram by its origin, before anything in it is looked at.
 *
 * Any process may put a matching sequence number and port ID into a message; none but the kernel has port 0. A
 * notification that this socket caused carries its own sequence and port, so multicast is no reply either, but for
 * requests with the echo flag.
 *
 * @internal
 */
export function trustOf({ sender, group, nsid, unsure }: DatagramOrigin): Trust {
  if (sender.portId !== 0 || nsid !== undefined || unsure === true) return Trust.None;
  // The groups of the address are those it was sent to: they tell of the first 32 where packet info is off.
  return group === 0 && sender.groups === 0 ? Trust.Reply : Trust.Echo;
}

/** Tells whether a message from such a datagram may answer a request that was sent with these flags. @internal */
export function isTrusted(trust: Trust, requestFlags: number): boolean {
  return trust === Trust.Reply || (trust === Trust.Echo && (requestFlags & MessageFlags.Echo) !== 0);
}

/**
 * Tells whether a message answers a request as far as its port ID goes.
 *
 * Most families answer with the port of the socket that asked, route lookups with whatever the request's header said,
 * audit with 0. (Seen on Linux 6.18.)
 *
 * @param portId - The message's.
 * @param socketPortId - Of the socket that sent the request.
 * @param requestPortId - As the request's header said it.
 * @internal
 */
export function isAddressed(portId: number, socketPortId: number, requestPortId: number): boolean {
  return portId === socketPortId || portId === requestPortId || portId === 0;
}
