import { EncodeError } from '../../errors/index.js';

/** The codes of characters. */
const DOT = 0x2e;
const ZERO = 0x30;
const COLON = 0x3a;
const LETTER = 0x61;

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
  // One function, with its own reading of digits: V8 compiles a smaller one again inside each of its many callers.
  const bytes = new Uint8Array(16);
  const { length } = text;
  let end = 0;
  let gap = text.startsWith('::') ? 0 : -1;
  let at = gap === 0 ? 2 : 0;
  let isValid = true;
  while (at < length && isValid) {
    const start = at;
    let group = 0;
    let code = 0;
    for (; at < length; at++) {
      code = text.charCodeAt(at);
      // The letters differ in case by this bit.
      const letter = (code | 0x20) - LETTER;
      if (code >= ZERO && code <= ZERO + 9) group = group * 16 + code - ZERO;
      else if (letter >= 0 && letter < 6) group = group * 16 + letter + 10;
      else break;
    }
    if (at < length && code === DOT) {
      isValid = end <= 12 && readIpv4(text.slice(start), bytes, end);
      end += 4;
      break;
    }
    isValid = at > start && at <= start + 4 && end <= 14;
    bytes[end++] = group >> 8;
    bytes[end++] = group & 0xff;
    if (at === length) break;
    // A colon is followed by a group, or by another colon.
    isValid &&= code === COLON && ++at < length;
    if (text.charCodeAt(at) !== COLON) continue;
    isValid &&= gap < 0;
    gap = end;
    at++;
  }
  // A gap stands for at least one group.
  if (!isValid || (gap < 0 ? end !== 16 : end > 14)) throw new EncodeError(`'${text}' is not an IPv6 address`);
  if (gap >= 0) {
    const tail = 16 - (end - gap);
    bytes.copyWithin(tail, gap, end);
    bytes.fill(0, gap, tail);
  }
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
