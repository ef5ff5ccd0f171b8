import { DecodeError } from '../../../errors/index.js';
import { decodePcap } from '../../../testing/index.js';
import type { LoggedDatagram } from './logged-datagram.js';
import { ofCapture } from './of-capture.js';

/** The size of the header of a pcap, of the header of each record, and the place of the length in the latter. */
const FILE_HEADER = 24;
const RECORD_HEADER = 16;
const LENGTH = 8;

/** The first byte of a pcap in little-endian order, with microseconds (0xa1b2c3d4) or nanoseconds (0xa1b23c4d). */
const LITTLE_ENDIAN: ReadonlySet<number> = new Set([0xd4, 0x4d]);

/** Returns the datagrams of a pcap as they arrive. @throws DecodeError with the place of a fault, after the datagrams before it. */
export async function* pcapDatagrams(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<LoggedDatagram> {
  let waiting: Buffer = Buffer.alloc(0);
  let header: Buffer | undefined;
  let [at, count] = [FILE_HEADER, 0];
  const read = (records: Buffer): LoggedDatagram[] => {
    const datagrams = ofCapture(decodeFrom(header ?? Buffer.alloc(0), records, at), count);
    at += records.byteLength;
    count += datagrams.length;
    return datagrams;
  };
  for await (const chunk of chunks) {
    waiting = Buffer.concat([waiting, chunk]);
    if (header === undefined && waiting.byteLength >= FILE_HEADER) {
      header = waiting.subarray(0, FILE_HEADER);
      waiting = waiting.subarray(FILE_HEADER);
    }
    if (header === undefined) continue;
    const whole = wholeRecords(waiting, LITTLE_ENDIAN.has(header[0]!));
    yield* read(waiting.subarray(0, whole));
    waiting = waiting.subarray(whole);
  }
  // What is left is not complete: the decoder names the fault.
  if (header === undefined) decodePcap(waiting);
  else if (waiting.byteLength > 0) yield* read(waiting);
}

/** Decodes some records of a file. */
function decodeFrom(header: Buffer, records: Buffer, at: number): ReturnType<typeof decodePcap> {
  try {
    return decodePcap(Buffer.concat([header, records]));
  } catch (error) {
    if (!(error instanceof DecodeError) || error.offset < FILE_HEADER) throw error;
    const reason = error.message.replace(/^EDECODE /, '').replace(/ \(offset \d+\)$/, '');
    throw new DecodeError(reason, error.offset - FILE_HEADER + at);
  }
}

/** Returns the number of bytes of the records that are complete. */
function wholeRecords(bytes: Buffer, isLittleEndian: boolean): number {
  let end = 0;
  while (bytes.byteLength - end >= RECORD_HEADER) {
    const length = isLittleEndian ? bytes.readUInt32LE(end + LENGTH) : bytes.readUInt32BE(end + LENGTH);
    if (length > bytes.byteLength - end - RECORD_HEADER) break;
    end += RECORD_HEADER + length;
  }
  return end;
}
