/** The message types that mean the same in every protocol (`NLMSG_*`); types of families start at 16. @public */
export const MessageType = {
  /** A message to ignore (`NLMSG_NOOP`). */
  Noop: 1,
  /** An ack or a kernel error (`NLMSG_ERROR`). */
  Error: 2,
  /** The end of a dump (`NLMSG_DONE`). */
  Done: 3,
  /** Not used by any kernel to date; the kernel reports overruns as ENOBUFS (`NLMSG_OVERRUN`). */
  Overrun: 4,
  /** The first type that a family may use (`NLMSG_MIN_TYPE`). */
  Minimum: 16,
} as const;
Object.freeze(MessageType);

const NAMES = ['noop', 'error', 'done', 'overrun'];

/**
 * Returns the name of a message type: `'noop'`, `'error'`, `'done'`, `'overrun'`, else `'unknown(18)'`.
 *
 * @param type - `nlmsg_type`.
 * @public
 */
export function messageTypeText(type: number): string {
  return NAMES[type - 1] ?? `unknown(${type})`;
}
