/**
 * The bits of a message's `flags` (`NLM_F_*`).
 *
 * The same bit means different things in a GET, a NEW, a DELETE and an ack: `Root` and `Match` of a GET are `Replace`
 * and `Exclusive` of a NEW.
 *
 * @public
 */
export const MessageFlags = {
  /** A request to the kernel (`NLM_F_REQUEST`). */
  Request: 0x1,
  /** One of several parts, ended by DONE (`NLM_F_MULTI`). */
  Multi: 0x2,
  /** Send an ack, also on success (`NLM_F_ACK`). */
  Ack: 0x4,
  /** Send the resulting notification to the requester too (`NLM_F_ECHO`). */
  Echo: 0x8,
  /** A change interrupted the dump (`NLM_F_DUMP_INTR`). */
  DumpInterrupted: 0x10,
  /** The dump was filtered as requested (`NLM_F_DUMP_FILTERED`). */
  DumpFiltered: 0x20,

  /** GET: the whole table (`NLM_F_ROOT`). */
  Root: 0x100,
  /** GET: all that match (`NLM_F_MATCH`). */
  Match: 0x200,
  /** GET: an atomic snapshot; privileged, rarely supported (`NLM_F_ATOMIC`). */
  Atomic: 0x400,
  /** GET: dump (`NLM_F_DUMP`, Root and Match). */
  Dump: 0x300,

  /** NEW: replace an existing object (`NLM_F_REPLACE`). */
  Replace: 0x100,
  /** NEW: fail if the object exists (`NLM_F_EXCL`). */
  Exclusive: 0x200,
  /** NEW: create the object if it does not exist (`NLM_F_CREATE`). */
  Create: 0x400,
  /** NEW: add at the end of the list (`NLM_F_APPEND`). */
  Append: 0x800,

  /** DELETE: not recursively (`NLM_F_NONREC`). */
  NonRecursive: 0x100,
  /** DELETE: several objects (`NLM_F_BULK`). */
  Bulk: 0x200,

  /** Ack: the request's payload is not echoed (`NLM_F_CAPPED`). */
  Capped: 0x100,
  /** Ack: extended-ack attributes follow (`NLM_F_ACK_TLVS`). */
  AckAttributes: 0x200,
} as const;
Object.freeze(MessageFlags);

const NAMES = ['request', 'multi', 'ack', 'echo', 'dumpInterrupted', 'dumpFiltered'];

/**
 * Returns the names of the bits that mean the same in every message, and the other bits as a number.
 *
 * @param flags - `nlmsg_flags`.
 * @returns `'request|ack|0x300'`, or `'0'` if no bit is set.
 * @public
 */
export function messageFlagsText(flags: number): string {
  const parts = NAMES.filter((_, bit) => (flags & (1 << bit)) !== 0);
  const rest = flags & ~0x3f;
  if (rest !== 0) parts.push(`0x${rest.toString(16)}`);
  return parts.length === 0 ? '0' : parts.join('|');
}
