import { EncodeError } from '../errors/index.js';

/** The 256 texts that one byte of a link-layer address may have. */
const PAIRS: readonly string[] = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, '0'));

/**
 * Prints a link-layer address: pairs of hex digits with colons between them.
 *
 * Ethernet's have 6 bytes; InfiniBand's have 20, and some links have none.
 *
 * @param bytes - Where it lies.
 * @param offset - Its first byte; 0 where left out.
 * @param length - Its size; up to the end of `bytes` where left out.
 * @public
 */
export function linkAddressText(bytes: Uint8Array, offset = 0, length: number = bytes.length - offset): string {
  if (length === 0) return '';
  let text = PAIRS[bytes[offset]!]!;
  for (let index = offset + 1; index < offset + length; index++) text += `:${PAIRS[bytes[index]!]!}`;
  return text;
}

/**
 * Parses a link-layer address of any length: hex with colons or hyphens.
 *
 * @throws {@link EncodeError} if it is none.
 * @public
 */
export function parseLinkAddress(text: string): Uint8Array {
  if (text === '') return new Uint8Array(0);
  if (!/^[0-9a-fA-F]{1,2}(?:(?::[0-9a-fA-F]{1,2})*|(?:-[0-9a-fA-F]{1,2})*)$/.test(text)) {
    throw new EncodeError(`'${text}' is not a link-layer address; expected pairs of hex digits with colons or hyphens`);
  }
  return Uint8Array.from(text.split(/[:-]/), (pair) => Number.parseInt(pair, 16));
}
