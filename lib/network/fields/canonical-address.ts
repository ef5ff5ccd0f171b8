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

/**
 * Returns how many leading bits of an address hold all of its ones; negative if the text is not canonical.
 *
 * A few forms of IPv6 that are canonical count as others: they begin with `::`, or have two zero groups side by side that `::` does not
 * replace.
 *
 * @param end - The position behind the address.
 * @internal
 */
export function usedBits(text: string, end: number): number {
  // One function for both versions: V8 compiles smaller ones again inside of each caller.
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
  for (let position = 0; position <= end; position++) {
    const code = position === end ? separator : text.charCodeAt(position);
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
      if (position === end && gap === parts) break;
      if (isIpv4 || gap !== OTHER || parts === 0 || wasZero || position === end) return OTHER;
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
  if (value === 0) return 0;
  const behind = gap === OTHER || last < gap ? 0 : all - parts;
  // The zeros behind the last one are not used.
  return (isIpv4 ? 8 : 16) * (last + behind + 1) - 31 + Math.clz32(value & -value);
}

/** Returns the prefix length behind a slash if it is written as readers return it and at most `most`; negative otherwise. @internal */
export function lengthBehind(text: string, slash: number, most: number): number {
  const digits = text.length - slash - 1;
  if (digits < 1 || digits > 3 || (digits > 1 && text.charCodeAt(slash + 1) === ZERO)) return OTHER;
  let length = 0;
  for (let position = slash + 1; position < text.length; position++) {
    const digit = text.charCodeAt(position) - ZERO;
    if (!(digit >= 0 && digit <= 9)) return OTHER;
    length = length * 10 + digit;
  }
  return length <= most ? length : OTHER;
}
