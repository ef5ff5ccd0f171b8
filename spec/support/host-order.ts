import { hostIsLittleEndian } from '../../lib/wire/index.js';

/**
 * Gives the bytes of one integer in the order of this machine.
 *
 * Specs write the bytes as a little-endian machine has them in memory: `host(44, 1, 0, 0)` is 300. On a big-endian machine
 * the bytes are reversed. Bytes of text, addresses and integers in network order are written without it.
 */
export function host(...littleEndian: readonly number[]): number[] {
  return hostIsLittleEndian ? [...littleEndian] : littleEndian.toReversed();
}
