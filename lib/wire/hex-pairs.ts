/** The two hex digits of each byte, by its value. @internal */
export const HEX_PAIRS: readonly string[] = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, '0'));

/** Returns bytes as hex digits. @internal */
export function hexText(bytes: Uint8Array, separator = ''): string {
  return Array.from(bytes, (byte) => HEX_PAIRS[byte]!).join(separator);
}
