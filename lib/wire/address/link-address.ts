import { EncodeError } from '../../errors/index.js';
import { HEX_PAIRS } from '../hex-pairs.js';

/**
 * Prints a link-layer address: pairs of hex digits with colons between them.
 *
 * Ethernet addresses have 6 bytes, InfiniBand addresses 20; some links have none.
 *
 * @param bytes - The array that holds it.
 * @param offset - Its first byte; 0 if omitted.
 * @param length - Its length in bytes; up to the end of `bytes` if omitted.
 * @public
 */
export function linkAddressText(bytes: Uint8Array, offset = 0, length: number = bytes.length - offset): string {
  if (length === 0) return '';
  let text = HEX_PAIRS[bytes[offset]!]!;
  for (let index = offset + 1; index < offset + length; index++) text += `:${HEX_PAIRS[bytes[index]!]!}`;
  return text;
}

/**
 * Parses a link-layer address of any length: hex with colons or hyphens.
 *
 * @throws {@link EncodeError} if the text has another form.
 * @public
 */
export function parseLinkAddress(text: string): Uint8Array {
  if (text === '') return new Uint8Array(0);
  if (!/^[0-9a-fA-F]{1,2}(?:(?::[0-9a-fA-F]{1,2})*|(?:-[0-9a-fA-F]{1,2})*)$/.test(text)) {
    throw new EncodeError(`'${text}' is not a link-layer address; expected pairs of hex digits with colons or hyphens`);
  }
  return Uint8Array.from(text.split(/[:-]/), (pair) => Number.parseInt(pair, 16));
}
