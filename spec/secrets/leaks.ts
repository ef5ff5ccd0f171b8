const escape = (text: string): string => text.replaceAll(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`);

/**
 * The characters that may separate the parts of one value: blanks, line ends, the lines of the box, commas, colons, array
 * indexes in JSON.
 */
const BETWEEN = String.raw`(?:[\s,:|-]|0x|\\n|data|"\d+"|echoed request|\d{4}: )*`;

/**
 * Searches a text for a secret: any four consecutive bytes in hexadecimal, decimal or characters, and the beginning of its
 * base64.
 *
 * @returns The findings with their context; empty if there are none.
 */
export function leaksOf(secret: Uint8Array, text: string): string[] {
  const found: string[] = [];
  const look = (form: string, parts: readonly string[]): void => {
    const match = new RegExp(parts.map(escape).join(BETWEEN), 'i').exec(text);
    if (match !== null) found.push(`${form}: ${text.slice(Math.max(0, match.index - 60), match.index + match[0].length + 20)}`);
  };
  for (let at = 0; at + 4 <= secret.length; at++) {
    const window = [...secret.subarray(at, at + 4)];
    look(
      'hex',
      window.map((byte) => byte.toString(16).padStart(2, '0')),
    );
    look('decimal', window.map(String));
    look(
      'characters',
      window.map((byte) => String.fromCharCode(byte)),
    );
  }
  const buffer = Buffer.from(secret);
  if (secret.length === 4) look('number', [String(buffer.readUInt32LE())]);
  else {
    look('base64', [buffer.toString('base64').slice(0, 12)]);
    look('base64url', [buffer.toString('base64url').slice(0, 12)]);
    look('base64 of a part', [buffer.subarray(1).toString('base64').slice(0, 8)]);
  }
  return found;
}

/**
 * Makes the bytes of a secret, different for each number: letters, so that a leak as text is found as well. Digits would be found in the
 * numbers of other values, and so would letters of hexadecimal digits.
 */
export function makeSecret(number: number, size: number): Uint8Array {
  const letters = 'QZJXKVWYGqzjxkvwyg';
  let state = 7919 * (number + 1);
  return Uint8Array.from({ length: size }, () => {
    state = (state * 1103515245 + 12345) % 2 ** 31;
    return letters.charCodeAt((state >>> 8) % letters.length);
  });
}
