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

/** Writes bytes as base64 text in that form. @internal */
export function base64Text(bytes: Uint8Array): string {
  let text = '';
  for (let at = 0; at < bytes.length; at += 3) {
    const word = (bytes[at]! << 16) | ((bytes[at + 1] ?? 0) << 8) | (bytes[at + 2] ?? 0);
    const digits = [18, 12, 6, 0].map((shift) => DIGITS[(word >> shift) & 63]!).join('');
    const count = bytes.length - at;
    text += count >= 3 ? digits : digits.slice(0, count + 1).padEnd(4, '=');
  }
  return text;
}
