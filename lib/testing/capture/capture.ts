import type { Datagram } from '../../wire/index.js';

/** The byte order of a machine; netlink messages are in the order of the machine that sent them. @public */
export type CaptureByteOrder = 'little' | 'big';

/** A datagram of a capture. @public */
export interface CapturedDatagram extends Datagram {
  /** The time in milliseconds since 1970, with fractions. */
  readonly time: number;
  /** `'sent'` by the program to the kernel, or `'received'` by the program. */
  readonly direction: 'sent' | 'received';
  /** The netlink protocol, the last argument of `socket(2)`. */
  readonly protocol: number;
  /** The length when it was sent, if `bytes` is a truncated datagram. */
  readonly length?: number;
}

/** A list of recorded datagrams. @public */
export interface Capture {
  /** In the order of their times. */
  readonly datagrams: readonly CapturedDatagram[];
  /**
   * The byte order of the machine that recorded it; readers set it if the file shows it.
   * @defaultValue the byte order of this machine
   */
  readonly byteOrder?: CaptureByteOrder;
  /** The command line that caused the traffic; only fixtures keep it. */
  readonly command?: string;
  /** The expected decoded value; only fixtures keep it. */
  readonly expected?: unknown;
}
