/** How integers lie in memory; `'host'` is what netlink itself uses, `'big'` is network order. @public */
export type ByteOrder = 'host' | 'big' | 'little';

/** True on nearly every machine; netlink headers are in the host's order. @public */
export const hostIsLittleEndian: boolean = new Uint8Array(Uint16Array.of(1).buffer)[0] === 1;

/**
 * Resolves a byte order to the flag that `DataView` methods take.
 *
 * @param byteOrder - The order wanted; the host's where it is left out.
 * @throws TypeError if it is none.
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
