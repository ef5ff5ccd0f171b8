import { readFileSync, writeFileSync } from 'node:fs';
import { DecodeError } from '../../errors/index.js';
import type { Capture } from './capture.js';
import { HOST_ORDER } from './capture-order.js';
import { decodeFixture, encodeFixture } from './hex-fixture.js';
import { decodePcap, encodePcap, isPcap } from './pcap.js';

/**
 * Reads a capture from a file: pcap as tcpdump writes it on an nlmon interface, or a hex fixture.
 *
 * @throws {@link DecodeError} if it is neither of them.
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
    throw new TypeError(
      'replay: source must be the name of a file or a capture, e.g. { datagrams } with the datagrams that record() emitted',
    );
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
 * Writes a capture to a file: a pcap if its name ends in `.pcap`, else a hex fixture.
 *
 * A pcap keeps everything except `nsid`, `unsure`, the command line and the expected value.
 *
 * @public
 */
export function writeCapture(path: string | URL, capture: Capture): void {
  writeFileSync(path, String(path).endsWith('.pcap') ? encodePcap(capture) : encodeFixture(capture));
}
