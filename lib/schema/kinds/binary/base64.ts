const DIGITS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';

/**
 * Reads base64 text in its one canonical form: padded, without blanks, unused bits zero.
 *
 * @returns The bytes; undefined if the text is not of that form.
 * @internal
 */
export function parseBase64(text: string): Uint8Array | undefined {
  if (!/^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/.test(text)) return undefined;
  const digits = text.replaceAll('=', '');
  const bytes = new Uint8Array((digits.length * 6) >> 3);
  let rest = 0;
  let bits = 0;
  let at = 0;
  for (const digit of digits) {
    rest = (rest << 6) | DIGITS.indexOf(digit);
    bits += 6;
    if (bits < 8) continue;
    bits -= 8;
    bytes[at++] = rest >> bits;
    rest &= (1 << bits) - 1;
  }
  return rest === 0 ? bytes : undefined;
}
