/** The byte order of integers; netlink itself uses `'host'`, and `'big'` is the network order. @public */
export type ByteOrder = 'host' | 'big' | 'little';

/** True if the host is little-endian, as nearly all are; netlink headers are in the host's order. @public */
export const hostIsLittleEndian: boolean = new Uint8Array(Uint16Array.of(1).buffer)[0] === 1;

/**
 * Returns a byte order as the flag that `DataView` methods expect.
 *
 * @param byteOrder - The byte order; the host's if omitted.
 * @throws TypeError if it is not a byte order.
 * @public
 */
export function isLittleEndian(byteOrder: ByteOrder = 'host'): boolean {
  switch (byteOrder) {
    case 'host':
      return hostIsLittleEndian;
    case 'big':
      return false;
    case 'little':
      return true;
    default:
      throw new TypeError(`byteOrder: expected 'host', 'big' or 'little', got '${String(byteOrder)}'`);
  }
}
