/*
 * Checks of addresses that are written as readers return them. A document may have many thousands of addresses, and most are written so:
 * they need no parsing, no bytes and no new text. Any other text is parsed.
 */

const DOT = '.'.charCodeAt(0);
const COLON = ':'.charCodeAt(0);
const ZERO = '0'.charCodeAt(0);
const LETTER = 'a'.charCodeAt(0);

/** The result for a text that is not canonical. */
const OTHER = -1;

/** The length of an address without one. @internal */
export const NO_LENGTH = 0xff;

/**
 * Reads an address with or without a prefix length.
 *
 * A few forms of IPv6 that are canonical count as others: they begin with `::`, or have two zero groups side by side that `::` does not
 * replace.
 *
 * @returns The prefix length, or `NO_LENGTH`, and above it (`>> 8`) how many leading bits of the address hold all of its ones; negative
 * if the text is not canonical.
 * @internal
 */
export function canonicalBits(text: string): number {
  // One function for all of it: V8 compiles smaller ones again inside of each caller.
  const separator = text.includes(':') ? COLON : DOT;
  const isIpv4 = separator === DOT;
  const base = isIpv4 ? 10 : 16;
  const most = isIpv4 ? 3 : 4;
  let part = 0;
  let digits = 0;
  let parts = 0;
  /** The number of parts before `::`. */
  let gap = OTHER;
  let wasZero = false;
  /** The last part that is not zero, and its value. */
  let last = 0;
  let value = 0;
  const slash = text.indexOf('/');
  const end = slash < 0 ? text.length : slash;
  for (let position = 0; position <= end; position++) {
    const isEnd = position === end;
    const code = isEnd ? separator : text.charCodeAt(position);
    const letter = code - LETTER;
    const isLetter = letter >= 0 && letter < 6 && !isIpv4;
    if (isLetter || (code >= ZERO && code <= ZERO + 9)) {
      // A leading zero is not canonical.
      if (digits === most || (digits > 0 && part === 0)) return OTHER;
      part = part * base + (isLetter ? letter + 10 : code - ZERO);
      digits++;
      continue;
    }
    if (code !== separator) return OTHER;
    if (digits === 0) {
      // The end behind `::`, or its second colon.
      if (gap === parts && isEnd) break;
      if (isIpv4 || gap !== OTHER || parts === 0 || wasZero || isEnd) return OTHER;
      gap = parts;
      wasZero = true;
      continue;
    }
    if (isIpv4 ? part > 255 : part === 0 && wasZero) return OTHER;
    wasZero = part === 0;
    if (!wasZero) {
      last = parts;
      value = part;
    }
    parts++;
    part = 0;
    digits = 0;
  }
  const all = isIpv4 ? 4 : 8;
  // `::` stands for at least two parts.
  if (gap === OTHER ? parts !== all : parts > 6) return OTHER;
  const behind = gap === OTHER || last < gap ? 0 : all - parts;
  // The zeros behind the last one are not used.
  const used = value === 0 ? 0 : (isIpv4 ? 8 : 16) * (last + behind + 1) - 31 + Math.clz32(value & -value);
  let length = slash < 0 ? NO_LENGTH : 0;
  for (let position = end + 1; position < text.length; position++) {
    const digit = text.charCodeAt(position) - ZERO;
    if (!(digit >= 0 && digit <= 9) || (length === 0 && position > end + 1)) return OTHER;
    length = length * 10 + digit;
  }
  const isWrong = slash >= 0 && (length > (isIpv4 ? 32 : 128) || end + 1 === text.length);
  return isWrong ? OTHER : (used << 8) | length;
}
