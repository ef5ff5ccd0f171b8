import { readFileSync, writeFileSync } from 'node:fs';
import type { Datagram } from '../wire/index.js';
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

/** Reads a capture that is not read yet. @throws TypeError if it is neither a capture nor a file's name. @internal */
export function captureOf(source: Capture | string | URL): Capture {
  if (typeof source === 'string' || source instanceof URL) return readCapture(source);
  if (!Array.isArray((source as Partial<Capture> | null | undefined)?.datagrams)) {
    throw new TypeError('replay: a capture or a file of one is needed, e.g. what record() emitted: { datagrams }');
  }
  return source;
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
