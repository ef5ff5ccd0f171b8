const escape = (text: string): string => text.replaceAll(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`);

/** What may stand between the parts of one value: blanks, line ends, the box's lines, commas, colons, array indexes as JSON has them. */
const BETWEEN = String.raw`(?:[\s,:|-]|0x|\\n|data|"\d+"|echoed request|\d{4}: )*`;

/**
 * Looks for a secret in a text: any four of its bytes one after the other, as hex, decimals or characters, and the whole in base64.
 *
 * @returns What was found, in words; empty where nothing was.
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

/** The bytes of a secret: letters and digits, so that they would be seen as text, too; other ones for each number. */
export function makeSecret(number: number, size: number): Uint8Array {
  const letters = 'QZJXKVWqzjxkvw7390';
  let state = 7919 * (number + 1);
  return Uint8Array.from({ length: size }, () => {
    state = (state * 1103515245 + 12345) % 2 ** 31;
    return letters.charCodeAt((state >>> 8) % letters.length);
  });
}
