/** Reads a table of hex digits, four bytes a row by custom; blanks and what follows a `;` count for nothing. */
export function bytes(table: string): Uint8Array {
  const digits = table.replace(/;.*$/gm, '').replace(/\s/g, '');
  if (!/^(?:[0-9a-f]{2})*$/.test(digits)) throw new TypeError(`no pairs of hex digits: ${digits}`);
  return Uint8Array.from(digits.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16));
}

/** The same bytes at an odd place of a larger buffer, with other bytes around them. */
export function atOddOffset(source: Uint8Array, offset: number): Uint8Array {
  const buffer = new Uint8Array(source.length + offset + 5).fill(0xa5);
  buffer.set(source, offset);
  return buffer.subarray(offset, offset + source.length);
}

/** Prints bytes as hex, for comparisons that a person can read. */
export function hex(source: Uint8Array): string {
  return Array.from(source, (byte) => byte.toString(16).padStart(2, '0')).join('');
}
