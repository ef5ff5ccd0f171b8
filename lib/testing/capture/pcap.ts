import { omitUndefined } from '../../check/index.js';
import { DecodeError } from '../../errors/index.js';
import { KERNEL_ORIGIN, MESSAGE_HEADER_SIZE, MessageFlags } from '../../wire/index.js';
import type { Capture, CaptureByteOrder, CapturedDatagram } from './capture.js';
import { HOST_ORDER, byteOrderOf } from './capture-order.js';

/*
 * A pcap file consists of a header of 24 bytes and records, each with a header of 16 bytes and a packet. Netlink packets
 * (LINKTYPE_NETLINK) start with a header of 16 bytes in network byte order: packet type, ARPHRD_NETLINK, ten unused bytes,
 * protocol. This library stores the sender's port ID and the group in the ten bytes, as a link-layer address: its length, then 8 bytes.
 */
const MICROSECONDS = 0xa1b2c3d4;
const NANOSECONDS = 0xa1b23c4d;
const PCAPNG = 0x0a0d0d0a;
/** The size of the header of a file. @internal */
export const FILE_HEADER = 24;
/** The size of the header of a record. @internal */
export const RECORD_HEADER = 16;
/** The place of the length of a packet in the header of its record. @internal */
export const LENGTH = 8;
const COOKED_HEADER = 16;
const LINKTYPE_NETLINK = 253;
/** The offset of `nlmsg_flags` in a message header. */
const FLAGS_OFFSET = 6;
const ARPHRD_NETLINK = 824;
const SNAPSHOT_LENGTH = 0x400000;

/* skb->pkt_type on nlmon: PACKET_USER, to user space, and PACKET_KERNEL, to kernel space. */
const TO_USER = 6;
const TO_KERNEL = 7;

/** Returns true for a pcap, and for a pcapng, which {@link decodePcap} rejects with advice. @internal */
export function isPcap(bytes: Uint8Array): boolean {
  return (
    bytes.byteLength >= 4 &&
    [true, false].some((little) => [MICROSECONDS, NANOSECONDS, PCAPNG].includes(viewOf(bytes).getUint32(0, little)))
  );
}

/**
 * Writes a capture as a pcap that Wireshark, tshark and tcpdump read.
 *
 * The headers of the file are in the byte order of the machine that recorded the datagrams, because programs derive the byte order
 * of the messages from them.
 *
 * @param capture - The datagrams; their times are rounded to microseconds.
 * @throws RangeError if a time is before 1970 or needs more than 32 bits of seconds (the year 2106).
 * @public
 */
export function encodePcap({ datagrams, byteOrder = HOST_ORDER }: Pick<Capture, 'datagrams' | 'byteOrder'>): Uint8Array {
  const little = byteOrder === 'little';
  const size = datagrams.reduce((sum, { bytes }) => sum + RECORD_HEADER + COOKED_HEADER + bytes.byteLength, FILE_HEADER);
  const file = new Uint8Array(size);
  const view = viewOf(file);
  view.setUint32(0, MICROSECONDS, little);
  view.setUint16(4, 2, little);
  view.setUint16(6, 4, little);
  view.setUint32(16, SNAPSHOT_LENGTH, little);
  view.setUint32(20, LINKTYPE_NETLINK, little);
  let at = FILE_HEADER;
  for (const [index, datagram] of datagrams.entries()) {
    const { bytes, time, direction, protocol, sender, group } = datagram;
    const microseconds = Math.round(time * 1000);
    const seconds = Math.floor(microseconds / 1_000_000);
    if (!(seconds >= 0 && seconds <= 0xffff_ffff)) {
      throw new RangeError(`encodePcap: datagrams[${index}].time ${time} does not fit a pcap; expected milliseconds from 1970 to 2106`);
    }
    const kept = COOKED_HEADER + bytes.byteLength;
    view.setUint32(at, seconds, little);
    view.setUint32(at + 4, microseconds % 1_000_000, little);
    view.setUint32(at + 8, kept, little);
    view.setUint32(at + 12, COOKED_HEADER + (datagram.length ?? bytes.byteLength), little);
    at += RECORD_HEADER;
    view.setUint16(at, direction === 'sent' ? TO_KERNEL : TO_USER);
    view.setUint16(at + 2, ARPHRD_NETLINK);
    view.setUint16(at + 4, 8);
    view.setUint32(at + 6, sender.portId);
    view.setUint32(at + 10, group);
    view.setUint16(at + 14, protocol);
    file.set(bytes, at + COOKED_HEADER);
    at += kept;
  }
  return file;
}

/**
 * Reads a pcap of netlink traffic, written by this library or by tcpdump on an nlmon interface.
 *
 * nlmon captures neither sender nor group; {@link replayKernel} can derive the groups.
 *
 * @throws {@link DecodeError} if the file is not a pcap, is not about netlink, or ends within a record.
 * @public
 */
export function decodePcap(file: Uint8Array): Capture {
  return readPcapRecords(readPcapHeader(file), file.subarray(FILE_HEADER)).capture;
}

/** The header of a pcap. @internal */
export interface PcapHeader {
  /** True if the headers of the records are little-endian. */
  readonly little: boolean;
  /** The parts of a millisecond in the times: 1,000 or 1,000,000. */
  readonly fraction: number;
}

/** Reads the header of a pcap, {@link FILE_HEADER} bytes. @throws DecodeError if it is not one of netlink @internal */
export function readPcapHeader(file: Uint8Array): PcapHeader {
  if (file.byteLength < FILE_HEADER) throw new DecodeError('pcap: expected a header of 24 bytes; the file is shorter', 0);
  const view = viewOf(file);
  const little = [MICROSECONDS, NANOSECONDS].includes(view.getUint32(0, true));
  const magic = view.getUint32(0, little);
  if (magic === PCAPNG) throw new DecodeError('pcap: the file is a pcapng; convert it with `editcap -F pcap`', 0);
  if (magic !== MICROSECONDS && magic !== NANOSECONDS) throw new DecodeError('pcap: the file is not a pcap', 0);
  const linkType = view.getUint32(20, little) & 0xffff;
  if (linkType !== LINKTYPE_NETLINK) throw new DecodeError(`pcap: expected link type ${LINKTYPE_NETLINK} (netlink), got ${linkType}`, 20);
  return { little, fraction: magic === MICROSECONDS ? 1e3 : 1e6 };
}

/** Some records of a pcap. @internal */
export interface PcapPart {
  readonly capture: Capture;
  /** The byte order of the messages; undefined if no message decides it, and `capture` has that of the header then. */
  readonly found: CaptureByteOrder | undefined;
}

/**
 * Reads records of a pcap.
 *
 * @param offset - The place of the records in the file, for errors.
 * @param known - The byte order that records before these have decided.
 * @internal
 */
export function readPcapRecords(
  { little, fraction }: PcapHeader,
  records: Uint8Array,
  offset: number = FILE_HEADER,
  known?: CaptureByteOrder,
): PcapPart {
  const view = viewOf(records);
  const packets: { readonly time: number; readonly full: number; readonly packet: Uint8Array<ArrayBuffer> }[] = [];
  for (let at = 0; at < records.byteLength;) {
    if (records.byteLength - at < RECORD_HEADER) throw new DecodeError('pcap: the file ends within the header of a record', offset + at);
    const kept = view.getUint32(at + LENGTH, little);
    const start = at + RECORD_HEADER;
    if (kept > records.byteLength - start) throw new DecodeError('pcap: the file ends within a packet', offset + start);
    if (kept < COOKED_HEADER) throw new DecodeError('pcap: a packet is shorter than its header', offset + start);
    const time = view.getUint32(at, little) * 1000 + view.getUint32(at + 4, little) / fraction;
    const full = view.getUint32(at + 12, little);
    if (full < kept) throw new DecodeError(`pcap: a packet of ${full} bytes has ${kept} bytes in the file`, offset + at + 12);
    packets.push({ time, full, packet: new Uint8Array(records.subarray(start, start + kept)) });
    at = start + kept;
  }
  // A program that converts a capture writes the headers in the byte order of its machine, and does not change the messages.
  const found =
    known ?? byteOrderOf(packets.map(({ packet, full }) => ({ bytes: packet.subarray(COOKED_HEADER), length: full - COOKED_HEADER })));
  const byteOrder = found ?? (little ? 'little' : 'big');
  const datagrams = packets.map(({ time, full, packet }) => ({ time, ...readPacket(packet, full, byteOrder) }));
  return { capture: { byteOrder, datagrams }, found };
}

/**
 * Finds the records that are complete.
 *
 * @returns Their end, and the length of the packet behind them; 0 if the header of its record is not complete.
 * @internal
 */
export function completeRecords({ little }: PcapHeader, bytes: Uint8Array): { readonly end: number; readonly length: number } {
  const view = viewOf(bytes);
  let end = 0;
  while (bytes.byteLength - end >= RECORD_HEADER) {
    const length = view.getUint32(end + LENGTH, little);
    if (length > bytes.byteLength - end - RECORD_HEADER) return { end, length };
    end += RECORD_HEADER + length;
  }
  return { end, length: 0 };
}

function readPacket(packet: Uint8Array, full: number, byteOrder: CaptureByteOrder): Omit<CapturedDatagram, 'time'> {
  const view = viewOf(packet);
  const bytes = packet.subarray(COOKED_HEADER);
  const hasAddress = view.getUint16(4) === 8;
  return {
    bytes,
    direction: directionOf(view.getUint16(0), bytes, byteOrder),
    protocol: view.getUint16(14),
    sender: hasAddress ? { portId: view.getUint32(6), groups: 0 } : KERNEL_ORIGIN.sender,
    group: hasAddress ? view.getUint32(10) : 0,
    ...omitUndefined({ length: full === packet.byteLength ? undefined : full - COOKED_HEADER }),
  };
}

/** Returns the direction of a packet. Some versions of libpcap drop the packet type; only requests have the flag REQUEST. */
function directionOf(packetType: number, bytes: Uint8Array, byteOrder: CaptureByteOrder): CapturedDatagram['direction'] {
  if (packetType === TO_KERNEL) return 'sent';
  if (packetType === TO_USER || bytes.byteLength < MESSAGE_HEADER_SIZE) return 'received';
  const flags = viewOf(bytes).getUint16(FLAGS_OFFSET, byteOrder === 'little');
  return (flags & MessageFlags.Request) !== 0 ? 'sent' : 'received';
}

function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
