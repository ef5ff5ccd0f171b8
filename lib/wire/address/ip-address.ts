import { EncodeError } from '../../errors/index.js';
import { printIpv4 } from './ipv4-word.js';

/** The codes of characters. */
const DOT = 0x2e;
const ZERO = 0x30;

/** Returns the start and the length of the longest run of at least two zero groups; RFC 5952 section 4.2. */
function longestZeroRun(groups: readonly number[]): { start: number; length: number } {
  let start = -1;
  let length = 1;
  for (let index = 0; index < groups.length;) {
    let end = index;
    while (groups[end] === 0) end++;
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
  if (run.start === 0 && run.length === 5 && groups[5] === 0xffff) return `::ffff:${printIpv4(bytes, offset + 12)}`;
  const texts = groups.map((group) => group.toString(16));
  if (run.length === 0) return texts.join(':');
  return `${texts.slice(0, run.start).join(':')}::${texts.slice(run.start + run.length).join(':')}`;
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

function readIpv6(text: string, into: Uint8Array): boolean {
  const halves = text.split('::');
  if (halves.length > 2) return false;
  const head = readGroups(halves[0]!, halves.length === 1);
  if (halves.length === 1) return fill(into, head, 16, 0);
  const tail = readGroups(halves[1]!, true);
  if (head === undefined || tail === undefined || head.length + tail.length > 14) return false;
  return fill(into, head, head.length, 0) && fill(into, tail, tail.length, 16 - tail.length);
}

function fill(into: Uint8Array, bytes: readonly number[] | undefined, length: number, offset: number): boolean {
  if (bytes?.length !== length) return false;
  into.set(bytes, offset);
  return true;
}

/** Parses groups between colons into bytes; undefined if one is not a group. The last may be IPv4 if it ends the address. */
function readGroups(text: string, last: boolean): number[] | undefined {
  const bytes: number[] = [];
  if (text === '') return bytes;
  const parts = text.split(':');
  for (const [index, part] of parts.entries()) {
    if (last && index === parts.length - 1 && part.includes('.')) {
      const ipv4 = new Uint8Array(4);
      if (!readIpv4(part, ipv4, 0)) return undefined;
      bytes.push(...ipv4);
    } else {
      if (!/^[0-9a-fA-F]{1,4}$/.test(part)) return undefined;
      const group = Number.parseInt(part, 16);
      bytes.push(group >> 8, group & 0xff);
    }
  }
  return bytes;
}
