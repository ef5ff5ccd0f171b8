import { decodeFixture, decodePcap, type Capture } from '../../../testing/index.js';
import { HOST_ORDER, isPcap } from '../../../testing/internal.js';
import { readHexText } from './hex-text.js';
import type { LoggedDatagram } from './logged-datagram.js';
import { isStraceLog } from './strace-call.js';
import { StraceLog } from './strace-log.js';

/** The command that logs the bytes of messages; `-x` and `-xx` print strings as hex in what strace decodes itself. */
export const STRACE_COMMAND = 'strace -f -e trace=network -e read=all -e write=all';

/**
 * Reads the datagrams of a file in any of the formats: pcap, a log of strace, a capture of this library as text, hexadecimal digits.
 *
 * @param protocol - The protocol of datagrams without one in the file.
 * @throws Error if it has none of the formats, or no datagrams.
 */
export function readDatagrams(file: Uint8Array, protocol: number): LoggedDatagram[] {
  if (file.byteLength === 0) throw new Error('the input is empty');
  const datagrams = isPcap(file) ? ofCapture(decodePcap(file)) : ofText(file, protocol);
  if (datagrams.length === 0) throw new Error('the input has no netlink messages');
  return datagrams;
}

function ofText(file: Uint8Array, protocol: number): LoggedDatagram[] {
  let text: string;
  try {
    text = new TextDecoder('utf-8', { fatal: true }).decode(file);
  } catch {
    throw unknownFormat();
  }
  if (isStraceLog(text)) return ofStraceLog(text, protocol);
  if (/^\s*[%$@<>] *\S/m.test(text)) return ofCapture(decodeFixture(text));
  const [first = ''] = text.split('\n').filter((line) => !/^\s*(?:#|$)/.test(line));
  if (!/^[\s|*]*(?:0x|\\x)?[\da-f]{2}/i.test(first)) throw text.trim() === '' ? new Error('the input is empty') : unknownFormat();
  return readHexText(text, protocol);
}

function unknownFormat(): Error {
  return new Error(`the input is not a pcap of netlink, a log of \`${STRACE_COMMAND}\`, a capture of rxnetlink, or hexadecimal digits`);
}

function ofStraceLog(text: string, protocol: number): LoggedDatagram[] {
  const log = new StraceLog(protocol);
  const datagrams = text.split('\n').flatMap((line) => log.read(line));
  datagrams.push(...log.end());
  if (datagrams.length === 0 && log.withoutBytes > 0) {
    throw new Error(`the log of strace has no bytes of the messages; record it with \`${STRACE_COMMAND}\` (-x and -xx do not print them)`);
  }
  return datagrams;
}

/** Returns the datagrams of a capture, or throws an error if a machine of the other byte order recorded it. */
export function ofCapture({ datagrams, byteOrder = HOST_ORDER }: Capture): LoggedDatagram[] {
  if (byteOrder !== HOST_ORDER) throw new Error(`a ${byteOrder}-endian machine recorded the capture; decode it on such a machine`);
  return datagrams.map(({ time, ...datagram }, index) => ({
    ...datagram,
    time: time === 0 ? undefined : time,
    place: `datagram ${index + 1}`,
  }));
}
