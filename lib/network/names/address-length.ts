/** A link layer address in pairs of hex digits. */
const PAIRS = /^[0-9a-f]{2}(?::[0-9a-f]{2})*$/;

/**
 * Returns the number of bytes of a link layer address from the text that readers give it: for a tunnel, the text of an IP address.
 *
 * @returns undefined if the text does not state it: eight pairs may be an IPv6 address.
 * @internal
 */
export function addressLength(text: string): number | undefined {
  if (text.includes('.') && !text.includes(':')) return 4;
  if (!PAIRS.test(text)) return 16;
  const length = (text.length + 1) / 3;
  return length === 8 ? undefined : length;
}
