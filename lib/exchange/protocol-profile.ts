import { MessageFlags, MessageType, Protocol, type Message, type MessageInit } from '../wire/index.js';

/*
 * Protocols that differ from the common rules of requests and replies, as observed on Linux 6.18; spec/kernel tests each
 * rule.
 */

// AUDIT_GET, AUDIT_SIGNAL_INFO, AUDIT_LIST_RULES, AUDIT_TTY_GET, AUDIT_GET_FEATURE (uapi/linux/audit.h)
const AUDIT_QUERIES: ReadonlySet<number> = new Set([1000, 1010, 1013, 1016, 1019]);

/**
 * Tests whether a raw request starts a dump.
 *
 * The bits alone are ambiguous: the two dump bits of a GET are REPLACE and EXCLUSIVE of a NEW, NONREC and BULK of a DELETE.
 * A typed client knows its dumps and does not use this function. A wrong guess is harmless: an undetected dump ends when the
 * queue is empty after its DONE, and another request that was taken for a dump ends by its ack.
 *
 * @param protocol - The socket's {@link Protocol}.
 * @param type - `nlmsg_type`.
 * @param flags - `nlmsg_flags`.
 * @public
 */
export function isDumpRequest(protocol: number, type: number, flags: number): boolean {
  const bits = flags & MessageFlags.Dump;
  // rtnetlink numbers its operations NEW, DELETE, GET, SET; only a GET dumps, and it does so on either bit.
  if (protocol === Protocol.Route && type >= MessageType.Minimum) return bits !== 0 && (type & 3) === 2;
  return bits === MessageFlags.Dump && (flags & (MessageFlags.Create | MessageFlags.Append)) === 0;
}

/** Tests whether the reply arrives after the ack: audit replies to a query from a separate kernel thread. @internal */
export function answersAfterAck(protocol: number, type: number): boolean {
  return protocol === Protocol.Audit && AUDIT_QUERIES.has(type);
}

/** Tests whether a protocol ignores the request for an ack: route lookups send only the reply, the connector sends nothing. @internal */
export function neverAcks(protocol: number): boolean {
  return protocol === Protocol.FibLookup || neverReplies(protocol);
}

/** Tests whether a protocol never replies: the connector sends only to its groups. @internal */
export function neverReplies(protocol: number): boolean {
  return protocol === Protocol.Connector;
}

/** The sequence numbers of a dump of generic netlink: its own, and those that the rows of one datagram may have. @internal */
export const DUMP_NUMBERS = 2048;

/**
 * Tests whether a message answers a running dump of generic netlink although it has another sequence number: the family `thermal` sends
 * its lists with 0, and NetLabel adds one for each row of a datagram.
 *
 * Other families send unsolicited messages to one socket without sequence number (frames of nl80211), with another command.
 *
 * @param dump - The request, and the sequence number and port ID with which it was sent.
 * @internal
 */
export function answersByCommand(
  protocol: number,
  dump: { readonly init: MessageInit; readonly sequence: number; readonly portId: number },
  message: Message,
): boolean {
  const { type, sequence, portId, flags, payload } = message;
  const { init } = dump;
  if (protocol !== Protocol.Generic || type !== init.type || payload[0] !== init.payload?.[0]) return false;
  if (sequence === 0) return portId === 0;
  return (flags & MessageFlags.Multi) !== 0 && portId === dump.portId && (sequence - dump.sequence) >>> 0 < DUMP_NUMBERS;
}
