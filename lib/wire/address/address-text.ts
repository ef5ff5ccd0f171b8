import { printIpv4 } from './ipv4-word.js';
import { linkAddressText } from './link-address.js';

/** The texts of the numbers below 256, without and with a leading zero. */
const HEX: readonly string[] = Array.from({ length: 256 }, (_, number) => number.toString(16));
const HEX_PAIRS: readonly string[] = HEX.map((text) => text.padStart(2, '0'));

/** The texts that a run of zeros adds between colons, by the number of ends of the address that it touches. */
const GAPS: readonly string[] = ['', ':', '::'];

/** Returns the start and the length of the longest run of at least two zero groups; RFC 5952 section 4.2. */
function longestZeroRun(groups: readonly number[]): { start: number; length: number } {
  let start = -1;
  let length = 1;
  for (let index = 0; index < groups.length;) {
    let end = index;
    while (end < groups.length && groups[end] === 0) end++;
    if (end - index > length) {
      start = index;
      length = end - index;
    }
    index = end + 1;
  }
  return { start, length: start < 0 ? 0 : length };
}

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
  const difference = (ipv6Keys[base]! ^ a) | (ipv6Keys[base + 1]! ^ b) | (ipv6Keys[base + 2]! ^ c) | (ipv6Keys[base + 3]! ^ d);
  if (difference === 0 && known !== undefined) return known;
  // One function with the printing: V8 compiles a smaller one again inside of each decoder.
  const groups = [a >>> 16, a & 0xffff, b >>> 16, b & 0xffff, c >>> 16, c & 0xffff, d >>> 16, d & 0xffff];
  const run = longestZeroRun(groups);
  const isMapped = ((groups[5]! ^ 0xffff) | run.start | (run.length ^ 5)) === 0;
  // One `join` makes a text without parts. No branch has calls of its own, which V8 would compile again when it is first taken.
  const texts: string[] = [];
  for (let index = 0; index < 8; index++) {
    if (index !== run.start) texts.push(groupText(groups[index]!));
    else {
      index += run.length - 1;
      texts.push(GAPS[Number(run.start === 0) + Number(index === 7)]!);
    }
  }
  const text = isMapped ? `::ffff:${printIpv4(bytes, offset + 12)}` : texts.join(':');
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

function groupText(group: number): string {
  return group < 256 ? HEX[group]! : HEX[group >> 8]! + HEX_PAIRS[group & 0xff]!;
}

function word(bytes: Uint8Array, offset: number): number {
  return ((bytes[offset]! << 24) | (bytes[offset + 1]! << 16) | (bytes[offset + 2]! << 8) | bytes[offset + 3]!) >>> 0;
}

function expect(bytes: Uint8Array, offset: number, length: number): void {
  if (!(offset >= 0 && offset + length <= bytes.length)) {
    throw new RangeError(`address: expected ${length} bytes at offset ${offset}, got an array of ${bytes.length} bytes`);
  }
}
