import { DecodeError } from '../../../errors/index.js';
import { decodePcap, type Capture } from '../../../testing/index.js';
import { readPcap, type PcapPart } from '../../../testing/internal.js';
import type { LoggedDatagram } from './logged-datagram.js';
import { ofCapture } from './of-capture.js';

/** The size of the header of a pcap, of the header of each record, and the place of the length in the latter. */
const FILE_HEADER = 24;
const RECORD_HEADER = 16;
const LENGTH = 8;
/** The largest packet; a longer one is a damaged length. libpcap stores 256 KiB of a packet at most, this library 4 MiB. */
const LARGEST = 1 << 24;

/** The first byte of a pcap in little-endian order, with microseconds (0xa1b2c3d4) or nanoseconds (0xa1b23c4d). */
const LITTLE_ENDIAN: ReadonlySet<number> = new Set([0xd4, 0x4d]);

/** Returns the datagrams of a pcap as they arrive. @throws DecodeError with the place of a fault, after the datagrams before it. */
export async function* pcapDatagrams(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<LoggedDatagram> {
  let header: Buffer | undefined;
  // The byte order that the first message with one has decided: a later message may look as if it had the other one.
  let byteOrder: Capture['byteOrder'];
  let [at, count] = [FILE_HEADER, 0];
  const read = (records: Buffer): LoggedDatagram[] => {
    const { capture, found } = decodeFrom(header ?? Buffer.alloc(0), records, at, byteOrder);
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
    let bytes: Buffer = Buffer.concat(waiting);
    if (header === undefined) [header, bytes] = [bytes.subarray(0, FILE_HEADER), bytes.subarray(FILE_HEADER)];
    const whole = wholeRecords(bytes, LITTLE_ENDIAN.has(header[0]!));
    yield* read(bytes.subarray(0, whole.end));
    needed = RECORD_HEADER + whole.length;
    if (whole.length > LARGEST) {
      throw new DecodeError(
        `pcap: the length of a packet is ${whole.length}; expected at most ${LARGEST}, the file is damaged`,
        at + LENGTH,
      );
    }
    const rest = bytes.subarray(whole.end);
    waiting = [rest];
    size = rest.byteLength;
  }
  // What is left is not complete: the decoder names the fault.
  if (header === undefined) decodePcap(Buffer.concat(waiting));
  else if (size > 0) yield* read(Buffer.concat(waiting));
}

/** Decodes some records of a file. */
function decodeFrom(header: Buffer, records: Buffer, at: number, byteOrder: Capture['byteOrder']): PcapPart {
  try {
    return readPcap(Buffer.concat([header, records]), byteOrder);
  } catch (error) {
    if (!(error instanceof DecodeError) || error.offset < FILE_HEADER) throw error;
    const reason = error.message.replace(/^EDECODE /, '').replace(/ \(offset \d+\)$/, '');
    throw new DecodeError(reason, error.offset - FILE_HEADER + at);
  }
}

/** Returns the end of the records that are complete, and the length of the packet behind them; 0 if its header is not complete. */
function wholeRecords(bytes: Buffer, isLittleEndian: boolean): { readonly end: number; readonly length: number } {
  let end = 0;
  while (bytes.byteLength - end >= RECORD_HEADER) {
    const length = isLittleEndian ? bytes.readUInt32LE(end + LENGTH) : bytes.readUInt32BE(end + LENGTH);
    if (length > bytes.byteLength - end - RECORD_HEADER) return { end, length };
    end += RECORD_HEADER + length;
  }
  return { end, length: 0 };
}
