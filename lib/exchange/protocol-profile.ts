import { MessageFlags, MessageType, Protocol } from '../wire/index.js';

/*
 * Where protocols differ from the common rules of requests and replies. Seen on Linux 6.18; the kernel specs of the odd
 * protocols hold each line.
 */

// AUDIT_GET, AUDIT_SIGNAL_INFO, AUDIT_LIST_RULES, AUDIT_TTY_GET, AUDIT_GET_FEATURE (uapi/linux/audit.h)
const AUDIT_QUESTIONS: ReadonlySet<number> = new Set([1000, 1010, 1013, 1016, 1019]);

/**
 * Tells whether a raw request starts a dump.
 *
 * The two dump bits of a GET are REPLACE and EXCLUSIVE of a NEW, NONREC and BULK of a DELETE, so the bits alone do not
 * say. Whoever knows better (typed clients do) says so instead of asking. A wrong guess does no harm: a dump that is taken
 * for something else ends when the queue runs empty after its DONE, and the opposite ends by its ack.
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

/** Audit acks a question first and answers it afterwards, from a thread of its own. @internal */
export function answersAfterAck(protocol: number, type: number): boolean {
  return protocol === Protocol.Audit && AUDIT_QUESTIONS.has(type);
}

/** Route lookups are answered by data alone, and the connector not at all; a request for an ack is passed over. @internal */
export function neverAcks(protocol: number): boolean {
  return protocol === Protocol.FibLookup || neverReplies(protocol);
}

/** The connector answers nobody: what it has to say goes to its groups. @internal */
export function neverReplies(protocol: number): boolean {
  return protocol === Protocol.Connector;
}
