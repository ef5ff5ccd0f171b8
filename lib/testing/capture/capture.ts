import { readFileSync, writeFileSync } from 'node:fs';
import { DecodeError } from '../../errors/index.js';
import type { Datagram } from '../../wire/index.js';
import { HOST_ORDER, type CaptureByteOrder } from './capture-order.js';
import { decodeFixture, encodeFixture } from './hex-fixture.js';
import { decodePcap, encodePcap, isPcap } from './pcap.js';

/** A datagram that was seen, and when. @public */
export interface CapturedDatagram extends Datagram {
  /** When, in milliseconds since 1970; fractions count. */
  readonly time: number;
  /** `'sent'` by the program (to the kernel), or `'received'` by it. */
  readonly direction: 'sent' | 'received';
  /** Last argument of the socket's `socket(2)`. */
  readonly protocol: number;
  /** Its full length, where `bytes` is only what was kept of it. */
  readonly length?: number;
}

/** What was recorded. @public */
export interface Capture {
  readonly datagrams: readonly CapturedDatagram[];
  /**
   * The byte order of the machine that recorded it; readers set it, unless nothing in the file tells.
   * @defaultValue this machine's
   */
  readonly byteOrder?: CaptureByteOrder;
  /** The command line that made it; only fixtures keep it. */
  readonly command?: string;
  /** What it ought to be decoded to; only fixtures keep it. */
  readonly expected?: unknown;
}

/**
 * Reads a capture from a file: pcap as tcpdump writes it on an nlmon interface, or a hex fixture.
 *
 * @throws {@link DecodeError} if it is neither.
 * @public
 */
export function readCapture(path: string | URL): Capture {
  const bytes = readFileSync(path);
  return isPcap(bytes) ? decodePcap(bytes) : decodeFixture(bytes.toString('utf8'));
}

/**
 * Returns a capture that this machine can replay, and reads it first if the source is a file.
 *
 * @throws TypeError if the source is neither a capture nor the name of a file.
 * @throws {@link DecodeError} if a machine of the other byte order recorded it.
 * @internal
 */
export function captureOf(source: Capture | string | URL): Capture {
  if (typeof source === 'string' || source instanceof URL) return inHostOrder(readCapture(source));
  if (!Array.isArray((source as Partial<Capture> | null | undefined)?.datagrams)) {
    throw new TypeError('replay: a capture or a file of one is needed, e.g. what record() emitted: { datagrams }');
  }
  return inHostOrder(source);
}

function inHostOrder(capture: Capture): Capture {
  const { byteOrder = HOST_ORDER } = capture;
  if (byteOrder === HOST_ORDER) return capture;
  throw new DecodeError(
    `replay: the capture was recorded on a ${byteOrder}-endian machine; expected the byte order of this machine, ${HOST_ORDER}-endian; ` +
      `replay it on a ${byteOrder}-endian machine`,
    0,
  );
}

/**
 * Writes a capture into a file: a pcap where its name ends in `.pcap`, else a hex fixture.
 *
 * A pcap keeps all but `nsid`, `unsure`, the command line and the expected value.
 *
 * @public
 */
export function writeCapture(path: string | URL, capture: Capture): void {
  writeFileSync(path, String(path).endsWith('.pcap') ? encodePcap(capture) : encodeFixture(capture));
}
