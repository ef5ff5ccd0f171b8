import { hostIsLittleEndian } from '../../lib/wire/index.js';
import type { Capture } from '../../lib/testing/index.js';
import { skipBecause } from './namespace.js';

/** The byte order of this machine. */
export const hostOrder: 'little' | 'big' = hostIsLittleEndian ? 'little' : 'big';

/**
 * Returns the bytes of one integer in the order of this machine.
 *
 * Specs write the bytes as a little-endian machine stores them: `host(44, 1, 0, 0)` is 300. On a big-endian machine the bytes
 * are reversed. Bytes of text, addresses and integers in network order are written without it.
 */
export function host(...littleEndian: readonly number[]): number[] {
  return hostIsLittleEndian ? [...littleEndian] : littleEndian.toReversed();
}

/** Returns a number of 16 bits with the bytes of network order, as `htons` and `ntohs` do. */
export function networkOrder16(value: number): number {
  return hostIsLittleEndian ? ((value & 0xff) << 8) | ((value >>> 8) & 0xff) : value & 0xffff;
}

/** Returns a number of 32 bits with the bytes of network order, as `htonl` and `ntohl` do. */
export function networkOrder32(value: number): number {
  return hostIsLittleEndian ? ((networkOrder16(value) << 16) | networkOrder16(value >>> 16)) >>> 0 : value;
}

/** Skips a spec that replays a capture of the other byte order. */
export function needsOrderOf(context: Mocha.Context, { byteOrder = hostOrder }: Capture): void {
  if (byteOrder !== hostOrder) skipBecause(context, `the capture is ${byteOrder}-endian, this machine is ${hostOrder}-endian`);
}

/** Skips a spec, or a suite when called from its `before` hook, whose bytes are those of a little-endian machine. */
export function needsLittleEndian(context: Mocha.Context): void {
  needsOrderOf(context, { byteOrder: 'little', datagrams: [] });
}
