import { decodeFixture } from '../../../testing/index.js';
import { isPcap } from '../../../testing/internal.js';
import { readHexText } from './hex-text.js';
import type { LoggedDatagram } from './logged-datagram.js';
import { ofCapture } from './of-capture.js';
import { pcapDatagrams } from './pcap-stream.js';
import { isStraceLog } from './strace-call.js';
import { StraceLog } from './strace-log.js';
import { textLines } from './text-lines.js';

/** The command that logs the bytes of messages; `-x` and `-xx` print strings as hex in what strace decodes itself. */
export const STRACE_COMMAND = 'strace -f -e trace=network -e read=all -e write=all';

/** The bytes that a pcap begins with. */
const MAGIC_SIZE = 4;

/**
 * Reads datagrams in any of the formats: pcap, a log of strace, a capture of this library as text, hexadecimal digits.
 *
 * Those of a pcap and of a log are read as they arrive. The other formats are known only at their end.
 *
 * @param protocol - The protocol of datagrams without one in the input.
 * @throws Error if it has none of the formats, or no datagrams.
 */
export async function* readDatagrams(chunks: AsyncIterable<Uint8Array>, protocol: number): AsyncGenerator<LoggedDatagram> {
  const iterator = chunks[Symbol.asyncIterator]();
  const head = await firstBytes(iterator);
  if (head.byteLength === 0) throw new Error('the input is empty');
  const all = chain(head, iterator);
  let isEmpty = true;
  for await (const datagram of isPcap(head) ? pcapDatagrams(all) : textDatagrams(all, protocol)) {
    isEmpty = false;
    yield datagram;
  }
  if (isEmpty) throw new Error('the input has no netlink messages');
}

async function firstBytes(iterator: AsyncIterator<Uint8Array>): Promise<Uint8Array> {
  let head = new Uint8Array();
  while (head.byteLength < MAGIC_SIZE) {
    const next = await iterator.next();
    if (next.done === true) break;
    head = new Uint8Array(Buffer.concat([head, next.value]));
  }
  return head;
}

async function* chain(head: Uint8Array, iterator: AsyncIterator<Uint8Array>): AsyncGenerator<Uint8Array> {
  yield head;
  yield* { [Symbol.asyncIterator]: () => iterator };
}

async function* textDatagrams(chunks: AsyncIterable<Uint8Array>, protocol: number): AsyncGenerator<LoggedDatagram> {
  let log: StraceLog | undefined;
  let isEmpty = true;
  const early: string[] = [];
  try {
    for await (const lines of textLines(chunks)) {
      for (const line of lines) early.push(line);
      if (log === undefined && lines.some(isStraceLog)) log = new StraceLog(protocol);
      if (log === undefined) continue;
      for (const line of early.splice(0)) {
        for (const datagram of log.read(line)) {
          isEmpty = false;
          yield datagram;
        }
      }
    }
  } catch (error) {
    throw error instanceof TypeError ? unknownFormat() : error;
  }
  if (log === undefined) {
    yield* ofText(early.join('\n'), protocol);
    return;
  }
  const last = log.end();
  yield* last;
  if (isEmpty && last.length === 0 && log.withoutBytes > 0) {
    throw new Error(`the log of strace has no bytes of the messages; record it with \`${STRACE_COMMAND}\` (-x and -xx do not print them)`);
  }
}

/** Reads a capture of this library, or hexadecimal digits. */
function ofText(text: string, protocol: number): LoggedDatagram[] {
  if (/^\s*[%$@<>] *\S/m.test(text)) return ofCapture(decodeFixture(text));
  const [first = ''] = text.split('\n').filter((line) => !/^\s*(?:#|$)/.test(line));
  if (!/^[\s|*]*(?:0x|\\x)?[\da-f]{2}/i.test(first)) throw text.trim() === '' ? new Error('the input is empty') : unknownFormat();
  return readHexText(text, protocol);
}

function unknownFormat(): Error {
  return new Error(`the input is not a pcap of netlink, a log of \`${STRACE_COMMAND}\`, a capture of rxnetlink, or hexadecimal digits`);
}
