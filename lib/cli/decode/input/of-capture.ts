import type { Capture } from '../../../testing/index.js';
import { HOST_ORDER } from '../../../testing/internal.js';
import type { LoggedDatagram } from './logged-datagram.js';

/**
 * Returns the datagrams of a capture, or throws an error if a machine of the other byte order recorded it.
 *
 * @param before - The number of datagrams that stand before the first of these.
 */
export function ofCapture({ datagrams, byteOrder = HOST_ORDER }: Capture, before = 0): LoggedDatagram[] {
  if (byteOrder !== HOST_ORDER) throw new Error(`a ${byteOrder}-endian machine recorded the capture; decode it on such a machine`);
  return datagrams.map(({ time, ...datagram }, index) => ({
    ...datagram,
    time: time === 0 ? undefined : time,
    place: `datagram ${before + index + 1}`,
  }));
}
