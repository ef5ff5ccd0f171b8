import { DecodeError } from '../../errors/index.js';
import { hostIsLittleEndian } from '../../wire/index.js';

/** `libudev` and a NUL, at the start of each datagram of udev. */
const PREFIX = Uint8Array.of(0x6c, 0x69, 0x62, 0x75, 0x64, 0x65, 0x76, 0);
/** The magic number of this form of the header, in network byte order. */
const MAGIC = 0xfeed_cafe;
/** The prefix, the magic number, and the header's size, offset and length of the properties; hashes for filters follow. */
const LEAST_HEADER_SIZE = 24;

/**
 * Returns the place of the properties in a datagram of udev; undefined if it does not start with udev's prefix.
 *
 * @throws {@link DecodeError} if the header of udev is not valid.
 * @internal
 */
export function udevProperties(bytes: Uint8Array): { readonly start: number; readonly end: number } | undefined {
  if (!PREFIX.every((byte, index) => bytes[index] === byte)) return undefined;
  if (bytes.length < LEAST_HEADER_SIZE) throw new DecodeError(`uevent: expected a header of udev, got ${bytes.length} bytes`, 0);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const magic = view.getUint32(8);
  if (magic !== MAGIC) throw new DecodeError(`uevent: expected udev's magic number 0xfeedcafe, got 0x${magic.toString(16)}`, 8);
  const size = view.getUint32(12, hostIsLittleEndian);
  const start = view.getUint32(16, hostIsLittleEndian);
  const end = start + view.getUint32(20, hostIsLittleEndian);
  if (size < LEAST_HEADER_SIZE || start < size || end > bytes.length) {
    throw new DecodeError(`uevent: udev's properties at ${start} to ${end} are not within the ${bytes.length} bytes of the event`, 16);
  }
  return { start, end };
}
