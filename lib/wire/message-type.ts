/** Message types that mean the same in every protocol (`NLMSG_*`); families count from 16. @public */
export const MessageType = {
  /** Nothing to see (`NLMSG_NOOP`). */
  Noop: 1,
  /** An ack, or a refusal (`NLMSG_ERROR`). */
  Error: 2,
  /** The end of a dump (`NLMSG_DONE`). */
  Done: 3,
  /** Not used by any kernel to date; overruns come as ENOBUFS (`NLMSG_OVERRUN`). */
  Overrun: 4,
  /** The first type that a family may use (`NLMSG_MIN_TYPE`). */
  Minimum: 16,
} as const;
Object.freeze(MessageType);

const NAMES = ['noop', 'error', 'done', 'overrun'];

/**
 * Names a message type: `'noop'`, `'error'`, `'done'`, `'overrun'`, else `'unknown(18)'`.
 *
 * @param type - `nlmsg_type`.
 * @public
 */
export function messageTypeText(type: number): string {
  return NAMES[type - 1] ?? `unknown(${type})`;
}
