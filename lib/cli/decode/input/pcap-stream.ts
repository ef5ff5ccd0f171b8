import { DecodeError } from '../../../errors/index.js';
import type { Capture } from '../../../testing/index.js';
import {
  completeRecords,
  FILE_HEADER,
  LENGTH,
  readPcapHeader,
  readPcapRecords,
  RECORD_HEADER,
  type PcapHeader,
} from '../../../testing/internal.js';
import type { LoggedDatagram } from './logged-datagram.js';
import { ofCapture } from './of-capture.js';

/** The largest packet; a longer one is a damaged length. libpcap stores 256 KiB of a packet at most, this library 4 MiB. */
const LARGEST = 1 << 24;

/** Returns the datagrams of a pcap as they arrive. @throws DecodeError with the place of a fault, after the datagrams before it. */
export async function* pcapDatagrams(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<LoggedDatagram> {
  let header: PcapHeader | undefined;
  // The byte order that the first message with one has decided: a later message may look as if it had the other one.
  let byteOrder: Capture['byteOrder'];
  let [at, count] = [FILE_HEADER, 0];
  const read = (records: Uint8Array): LoggedDatagram[] => {
    const { capture, found } = readPcapRecords(header!, records, at, byteOrder);
    const datagrams = ofCapture(capture, count);
    byteOrder = found;
    at += records.byteLength;
    count += datagrams.length;
    return datagrams;
  };
  // Chunks are joined when a record is complete: each byte of a long record is copied once.
  let waiting: Uint8Array[] = [];
  let [size, needed] = [0, FILE_HEADER];
  for await (const chunk of chunks) {
    waiting.push(chunk);
    size += chunk.byteLength;
    if (size < needed) continue;
    let bytes: Uint8Array = Buffer.concat(waiting);
    if (header === undefined) [header, bytes] = [readPcapHeader(bytes), bytes.subarray(FILE_HEADER)];
    const { end, length } = completeRecords(header, bytes);
    if (end > 0) yield* read(bytes.subarray(0, end));
    needed = RECORD_HEADER + length;
    if (length > LARGEST)
      throw new DecodeError(`pcap: the length of a packet is ${length}; expected at most ${LARGEST}, the file is damaged`, at + LENGTH);
    const rest = bytes.subarray(end);
    waiting = [rest];
    size = rest.byteLength;
  }
  // What is left is not complete: the decoder names the fault.
  if (header === undefined) readPcapHeader(Buffer.concat(waiting));
  else if (size > 0) yield* read(Buffer.concat(waiting));
}
