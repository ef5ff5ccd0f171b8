import { EncodeError } from '../../errors/index.js';
import { printIpv4 } from './ipv4-word.js';

/** The codes of characters. */
const DOT = 0x2e;
const ZERO = 0x30;
const COLON = 0x3a;
const LETTER = 0x61;

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

/** Prints 16 bytes as RFC 5952 recommends, an IPv4-mapped address with its IPv4 part. @internal */
export function printIpv6(bytes: Uint8Array, offset: number): string {
  const groups: number[] = [];
  for (let index = offset; index < offset + 16; index += 2) groups.push((bytes[index]! << 8) | bytes[index + 1]!);
  const run = longestZeroRun(groups);
  const isMapped = ((groups[5]! ^ 0xffff) | run.start | (run.length ^ 5)) === 0;
  if (isMapped) return `::ffff:${printIpv4(bytes, offset + 12)}`;
  // One `join` makes a text without parts. No branch has calls of its own, which V8 would compile again when it is first taken.
  const texts: string[] = [];
  for (let index = 0; index < 8; index++) {
    if (index !== run.start) texts.push(groupText(groups[index]!));
    else {
      index += run.length - 1;
      texts.push(GAPS[Number(run.start === 0) + Number(index === 7)]!);
    }
  }
  return texts.join(':');
}

function groupText(group: number): string {
  return group < 256 ? HEX[group]! : HEX[group >> 8]! + HEX_PAIRS[group & 0xff]!;
}

/**
 * Parses an IPv4 address in its usual form, four decimal numbers.
 *
 * @returns Its 4 bytes.
 * @throws {@link EncodeError} for any other text: leading zeros (some programs read them as octal), fewer parts, spaces.
 * @public
 */
export function parseIpv4(text: string): Uint8Array {
  const bytes = new Uint8Array(4);
  if (!readIpv4(text, bytes, 0)) throw new EncodeError(`'${text}' is not an IPv4 address`);
  return bytes;
}

/**
 * Parses an IPv6 address in any of its forms; the last 4 bytes may be in IPv4 form.
 *
 * A zone (`fe80::1%eth0`) is not accepted: netlink has separate attributes for interfaces.
 *
 * @returns Its 16 bytes.
 * @throws {@link EncodeError} for any other text.
 * @public
 */
export function parseIpv6(text: string): Uint8Array {
  const bytes = new Uint8Array(16);
  if (!readIpv6(text, bytes)) throw new EncodeError(`'${text}' is not an IPv6 address`);
  return bytes;
}

/** Parses an IPv4 or an IPv6 address: 4 bytes or 16. @throws {@link EncodeError} if it is neither. @public */
export function parseIp(text: string): Uint8Array {
  return text.includes(':') ? parseIpv6(text) : parseIpv4(text);
}

function readIpv4(text: string, into: Uint8Array, offset: number): boolean {
  let parts = 0;
  let digits = 0;
  let part = 0;
  for (let at = 0; at <= text.length; at++) {
    const code = at === text.length ? DOT : text.charCodeAt(at);
    if (code === DOT) {
      if (digits === 0 || parts === 4) return false;
      into[offset + parts++] = part;
      digits = part = 0;
      continue;
    }
    const digit = code - ZERO;
    // A leading zero means octal to some programs.
    if (digit < 0 || digit > 9 || (digits > 0 && part === 0)) return false;
    part = part * 10 + digit;
    digits++;
    if (part > 255) return false;
  }
  return parts === 4;
}

/** Reads groups of hexadecimal digits; the last 4 bytes may be an IPv4 address, and one `::` stands for at least one group. */
function readIpv6(text: string, into: Uint8Array): boolean {
  const { length } = text;
  let end = 0;
  let gap = text.startsWith('::') ? 0 : -1;
  let at = gap === 0 ? 2 : 0;
  while (at < length) {
    const start = at;
    let group = 0;
    let code = 0;
    for (; at < length; at++) {
      code = text.charCodeAt(at);
      const digit = hexDigit(code);
      if (digit < 0) break;
      group = group * 16 + digit;
    }
    if (at < length && code === DOT) {
      if (end > 12 || !readIpv4(text.slice(start), into, end)) return false;
      end += 4;
      break;
    }
    if (at === start || at > start + 4 || end > 14) return false;
    into[end++] = group >> 8;
    into[end++] = group & 0xff;
    if (at === length) break;
    if (code !== COLON || ++at === length) return false;
    if (text.charCodeAt(at) !== COLON) continue;
    if (gap >= 0) return false;
    gap = end;
    at++;
  }
  if (gap < 0) return end === 16;
  if (end > 14) return false;
  const tail = 16 - (end - gap);
  into.copyWithin(tail, gap, end);
  into.fill(0, gap, tail);
  return true;
}

/** Returns the value of a hexadecimal digit; -1 for another character. */
function hexDigit(code: number): number {
  if (code >= ZERO && code <= ZERO + 9) return code - ZERO;
  // The letters differ in case by this bit.
  const letter = (code | 0x20) - LETTER;
  return letter >= 0 && letter < 6 ? letter + 10 : -1;
}
