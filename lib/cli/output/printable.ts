/** Control characters, and those that reverse the direction of text: a terminal would obey them. The kernel accepts them in names. */
export const UNPRINTABLE: RegExp = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}\p{Co}\p{Cn}]/gu;

/** Text that needs no look at the properties of its characters, which takes milliseconds to prepare. */
const PLAIN = /^[\u0020-\u007e]*$/;

/** Returns text that is safe to print: `\u{1b}` in place of the character. */
export function printable(text: string): string {
  if (PLAIN.test(text)) return text;
  return text.replaceAll(UNPRINTABLE, (character) => `\\u{${character.codePointAt(0)!.toString(16)}}`);
}
