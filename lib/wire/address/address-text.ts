import { printIpv6 } from './ip-address.js';
import { printIpv4 } from './ipv4-word.js';
import { linkAddressText } from './link-address.js';

/**
 * The number of slots in the cache of IPv6 texts.
 *
 * A dump repeats its gateways and local addresses in each row: the cache saves time, and kept rows share one string. It is
 * direct-mapped: each slot holds the address that was printed last, so its size is fixed.
 */
const SLOTS = 1024;
const ipv6Keys = new Uint32Array(4 * SLOTS);
const ipv6Texts: (string | undefined)[] = new Array<string | undefined>(SLOTS).fill(undefined);

/**
 * Prints an IPv4 address.
 *
 * @param bytes - The array that holds it; 4 bytes are read.
 * @param offset - Its first byte; 0 if omitted.
 * @throws RangeError if the array ends before the address.
 * @public
 */
export function ipv4Text(bytes: Uint8Array, offset = 0): string {
  expect(bytes, offset, 4);
  return printIpv4(bytes, offset);
}

/**
 * Prints an IPv6 address in the form that RFC 5952 recommends; an IPv4-mapped one as `::ffff:192.0.2.1`.
 *
 * @param bytes - The array that holds it; 16 bytes are read.
 * @param offset - Its first byte; 0 if omitted.
 * @throws RangeError if the array ends before the address.
 * @public
 */
export function ipv6Text(bytes: Uint8Array, offset = 0): string {
  expect(bytes, offset, 16);
  const a = word(bytes, offset);
  const b = word(bytes, offset + 4);
  const c = word(bytes, offset + 8);
  const d = word(bytes, offset + 12);
  const slot = Math.imul(a ^ Math.imul(b, 0x85eb_ca6b) ^ Math.imul(c, 0xc2b2_ae35) ^ d, 0x9e37_79b1) >>> 22;
  const base = 4 * slot;
  const known = ipv6Texts[slot];
  if (known !== undefined && ipv6Keys[base] === a && ipv6Keys[base + 1] === b && ipv6Keys[base + 2] === c && ipv6Keys[base + 3] === d) {
    return known;
  }
  const text = printIpv6(bytes, offset);
  ipv6Keys[base] = a;
  ipv6Keys[base + 1] = b;
  ipv6Keys[base + 2] = c;
  ipv6Keys[base + 3] = d;
  ipv6Texts[slot] = text;
  return text;
}

/**
 * Prints an address by its length: 4 bytes as IPv4, 16 bytes as IPv6, any other length as a link-layer address.
 *
 * @param bytes - The array that holds it.
 * @param offset - Its first byte; 0 if omitted.
 * @param length - Its length in bytes; up to the end of `bytes` if omitted.
 * @public
 */
export function addressText(bytes: Uint8Array, offset = 0, length: number = bytes.length - offset): string {
  if (length === 4) return ipv4Text(bytes, offset);
  if (length === 16) return ipv6Text(bytes, offset);
  return linkAddressText(bytes, offset, length);
}

function word(bytes: Uint8Array, offset: number): number {
  return ((bytes[offset]! << 24) | (bytes[offset + 1]! << 16) | (bytes[offset + 2]! << 8) | bytes[offset + 3]!) >>> 0;
}

function expect(bytes: Uint8Array, offset: number, length: number): void {
  if (!(offset >= 0 && offset + length <= bytes.length)) {
    throw new RangeError(`address: expected ${length} bytes at offset ${offset}, got an array of ${bytes.length} bytes`);
  }
}
