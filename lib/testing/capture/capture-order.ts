import { MESSAGE_HEADER_SIZE, hostIsLittleEndian } from '../../wire/index.js';
import type { CaptureByteOrder, CapturedDatagram } from './capture.js';

/** The byte order of this machine. @internal */
export const HOST_ORDER: CaptureByteOrder = hostIsLittleEndian ? 'little' : 'big';

/**
 * Finds the byte order that datagrams were recorded in: the order in which the length of a message fits into its datagram.
 *
 * @returns Undefined if no datagram decides it.
 * @internal
 */
export function byteOrderOf(datagrams: readonly Pick<CapturedDatagram, 'bytes' | 'length'>[]): CaptureByteOrder | undefined {
  for (const { bytes, length = bytes.byteLength } of datagrams) {
    if (bytes.byteLength < 4) continue;
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    const [little, big] = [true, false].map((littleEndian) => fits(view.getUint32(0, littleEndian), length));
    if (little !== big) return little === true ? 'little' : 'big';
  }
  return undefined;
}

function fits(claimed: number, length: number): boolean {
  return claimed >= MESSAGE_HEADER_SIZE && claimed <= length;
}
