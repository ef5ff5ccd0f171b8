import { host } from '../support/host-order.js';

/** One byte, or one integer of 2, 4 or 8 bytes. */
const GROUP = /^(?:[0-9a-f]{2}|[0-9a-f]{4}|[0-9a-f]{8}|[0-9a-f]{16})$/;

/**
 * Reads a table of hex digits, four bytes a row by custom; text after a `;` is a comment.
 *
 * Adjacent digits are one integer, with its bytes in the order of a little-endian machine: `0800 0300` is two
 * integers of 16 bits. They are reversed on a big-endian machine. Digits in pairs, `76 30 00 00`, are bytes on every machine.
 */
export function bytes(table: string): Uint8Array {
  const groups = table.replace(/;.*$/gm, '').split(/\s+/);
  return Uint8Array.from(groups.filter((group) => group !== '').flatMap(groupBytes));
}

function groupBytes(group: string): number[] {
  if (!GROUP.test(group)) throw new TypeError(`'${group}' is not 1, 2, 4 or 8 bytes in hex`);
  return host(...(group.match(/../g) ?? []).map((pair) => Number.parseInt(pair, 16)));
}

/** Reads pairs of hex digits as bytes, the same on every machine. */
export function octets(digits: string): Uint8Array {
  return bytes(digits.replace(/\s/g, '').replace(/../g, '$& '));
}

/** Returns the same bytes at an odd offset of a larger buffer, between other bytes. */
export function atOddOffset(source: Uint8Array, offset: number): Uint8Array {
  const buffer = new Uint8Array(source.length + offset + 5).fill(0xa5);
  buffer.set(source, offset);
  return buffer.subarray(offset, offset + source.length);
}

/** Prints bytes as hex, for readable comparisons. */
export function hex(source: Uint8Array, separator = ''): string {
  return Array.from(source, (byte) => byte.toString(16).padStart(2, '0')).join(separator);
}
