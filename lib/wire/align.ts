/**
 * Rounds a byte count up to netlink's 4-byte boundary (`NLMSG_ALIGN`, `NLA_ALIGN`).
 *
 * Headers start on this boundary, but length fields do not count the padding: callers need both numbers.
 *
 * @param length - Unpadded size in bytes; a non-negative integer.
 * @returns The smallest multiple of 4 that is not less than `length`.
 *
 * @example Size of a 5-byte attribute on the wire
 * ```ts
 * alignLength(4 + 5); // 12: header 4, payload 5, padding 3
 * ```
 * @public
 */
export function alignLength(length: number): number {
  return (length + 3) & ~3;
}
