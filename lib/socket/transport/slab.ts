import {
  KERNEL_ORIGIN,
  MESSAGE_HEADER_SIZE,
  MessageFlags,
  MessageType,
  alignLength,
  type Datagram,
  type DatagramOrigin,
  type SenderAddress,
} from '../../wire/index.js';
import { Frame, highHalf, lowHalf } from '../../wire/internal.js';
import { DecodeError } from '../../errors/index.js';

/*
 * A slab holds the datagrams that one wake-up has received, in one buffer:
 *
 *   | datagram | datagram | ... | entry | entry | ... | trailer |
 *
 * Datagrams start on 4-byte boundaries. Entries and trailer are 32-bit words in host byte order; each datagram has one entry:
 *
 *   entry:   offset, bytes kept, full length, sender's port ID, sender's groups, group, nsid, flags
 *   trailer: number of entries, flags, datagrams dropped, 0
 *
 * native/receive/slab.h defines the same layout.
 */
const ENTRY_WORDS = 8;
const TRAILER_WORDS = 4;

const ENTRY_UNSURE = 1;
const ENTRY_HAS_NSID = 2;

const TRAILER_DRAINED = 1;
const TRAILER_LOST = 2;
const TRAILER_AFTER_LOSS = 4;

const KERNEL: SenderAddress = KERNEL_ORIGIN.sender;

/** The results of {@link findReply} that are not the offset of a reply. @internal */
export const Answer = {
  /** An ack without a reply. */
  AckAlone: -1,
  /** Anything else than an ack, and at most one reply before it. */
  Unusual: -2,
} as const;
Object.freeze(Answer);

/** The bytes of an ack without the header of the request: its own header and the errno. */
const ACK_SIZE = 20;

/** A datagram in a slab: its place and its origin. @internal */
export interface SlabEntry {
  readonly start: number;
  readonly end: number;
  /** The length when it was sent; greater than `end - start` if it was truncated. */
  readonly length: number;
  readonly origin: DatagramOrigin;
}

/** A reader of the buffers that a transport delivers. @internal */
export class Slab {
  readonly frame: Frame;
  /** The number of datagrams. */
  readonly count: number;
  /** True if the receive queue was empty after these datagrams. */
  readonly drained: boolean;
  /** True if messages were lost after the last datagram of this slab. */
  readonly lost: boolean;
  /** The number of datagrams that the kernel dropped there. */
  readonly dropped: number;
  /** True if some of these datagrams may follow a loss that this slab or a later one reports. */
  readonly afterLoss: boolean;
  /** The offset of its first byte in the frame. */
  readonly start: number;
  readonly #table: number;

  /** @param start - The first byte of the slab in the frame. @param end - The byte behind its last. */
  constructor(frame: Frame, start = 0, end: number = frame.bytes.length) {
    this.frame = frame;
    this.start = start;
    const { words } = frame;
    const trailer = (end >> 2) - TRAILER_WORDS;
    this.count = words[trailer]!;
    const flags = words[trailer + 1]!;
    this.drained = (flags & TRAILER_DRAINED) !== 0;
    this.lost = (flags & TRAILER_LOST) !== 0;
    this.afterLoss = (flags & (TRAILER_LOST | TRAILER_AFTER_LOSS)) !== 0;
    this.dropped = words[trailer + 2]!;
    this.#table = trailer - this.count * ENTRY_WORDS;
  }

  /** Reads a buffer that a transport has delivered. */
  static of(buffer: ArrayBuffer): Slab {
    return new Slab(new Frame(new Uint8Array(buffer)));
  }

  /** See {@link Frame.isDetached}. */
  get isDetached(): boolean {
    return this.frame.isDetached;
  }

  entry(index: number): SlabEntry {
    const { words } = this.frame;
    const at = this.#table + index * ENTRY_WORDS;
    const start = this.start + words[at]!;
    return { start, end: start + words[at + 1]!, length: words[at + 2]!, origin: readOrigin(words, at) };
  }
}

/**
 * Finds the reply in a slab that holds the usual answer of the kernel to one request, and nothing else: an ack without an error or a
 * warning, and at most one reply before it, each in a datagram of its own. It creates no object: most requests are answered so.
 *
 * @param words - The memory that holds the slab, from its byte `start` to the one before `end`.
 * @returns The offset of the reply in that memory, or an {@link Answer}.
 * @internal
 */
export function findReply(words: Uint32Array, start: number, end: number, sequence: number, portId: number): number {
  const trailer = (end >> 2) - TRAILER_WORDS;
  const count = words[trailer]!;
  const last = trailer - ENTRY_WORDS;
  if ((count !== 1 && count !== 2) || (words[trailer + 1]! & ~TRAILER_DRAINED) !== 0) return Answer.Unusual;
  const ack = wholeMessage(words, start, last, sequence, portId);
  if (ack < 0 || words[ack]! < ACK_SIZE || lowHalf(words[ack + 1]!) !== MessageType.Error || words[ack + 4] !== 0) return Answer.Unusual;
  if ((highHalf(words[ack + 1]!) & MessageFlags.AckAttributes) !== 0) return Answer.Unusual;
  if (count === 1) return Answer.AckAlone;
  const reply = wholeMessage(words, start, last - ENTRY_WORDS, sequence, portId);
  if (reply < 0 || lowHalf(words[reply + 1]!) < MessageType.Minimum) return Answer.Unusual;
  return (highHalf(words[reply + 1]!) & MessageFlags.Multi) === 0 ? 4 * reply : Answer.Unusual;
}

/** Returns the word at which the message of a datagram begins; a negative number if it is not one whole message of the kernel with these numbers. */
function wholeMessage(words: Uint32Array, start: number, entry: number, sequence: number, portId: number): number {
  const at = (start + words[entry]!) >> 2;
  const length = words[at]!;
  const kept = words[entry + 1]!;
  // Its padding may be missing.
  const isWhole = length >= MESSAGE_HEADER_SIZE && length <= kept && kept - length < 4 && kept === words[entry + 2];
  return isWhole && words[at + 2] === sequence && words[at + 3] === portId && isOfKernel(words, entry) ? at : Answer.Unusual;
}

/** The latest origin that has only a group and a sender. */
let latest: DatagramOrigin = KERNEL_ORIGIN;

/** Returns true for a datagram that the kernel has sent to this socket alone. */
function isOfKernel(words: Uint32Array, at: number): boolean {
  return words[at + 7] === 0 && words[at + 3] === 0 && words[at + 4] === 0 && words[at + 5] === 0;
}

function readOrigin(words: Uint32Array, at: number): DatagramOrigin {
  const portId = words[at + 3]!;
  const groups = words[at + 4]!;
  const group = words[at + 5]!;
  const flags = words[at + 7]!;
  if (isOfKernel(words, at)) return KERNEL_ORIGIN;
  // The datagrams of an event storm have one origin.
  if (flags === 0 && latest.group === group && latest.sender.groups === groups && latest.sender.portId === portId) return latest;
  const sender = portId === 0 && groups === 0 ? KERNEL : { portId, groups };
  if (flags === 0) return (latest = { sender, group });
  const origin: { -readonly [Key in keyof DatagramOrigin]: DatagramOrigin[Key] } = { sender, group };
  if ((flags & ENTRY_HAS_NSID) !== 0) origin.nsid = words[at + 6]! | 0;
  if ((flags & ENTRY_UNSURE) !== 0) origin.unsure = true;
  return origin;
}

/** A datagram for {@link encodeSlab}. @public */
export interface SlabDatagram extends Partial<Omit<Datagram, 'bytes'>> {
  /** The messages, each with its header and padded to 4 bytes; cut if the datagram is truncated. */
  readonly bytes: Uint8Array;
  /** The length when it was sent, if `bytes` is a truncated datagram. */
  readonly length?: number;
}

/** The state of the receive queue at the end of a slab. @public */
export interface SlabStatus {
  /** True if the receive queue is empty after these datagrams. */
  readonly drained?: boolean;
  /** True if messages were lost after these datagrams (an overrun). */
  readonly lost?: boolean;
  /** The number of datagrams that were dropped there. */
  readonly dropped?: number;
  /**
   * True if some of these datagrams may follow a loss that this slab or a later one reports: a transport that finds a loss reports it when the
   * queue is empty. True with `lost` in any case.
   */
  readonly afterLoss?: boolean;
}

/**
 * Builds the buffer that a transport passes to `receive`, for transports other than the kernel.
 *
 * @param datagrams - The datagrams in the order of their arrival.
 * @param status - The state of the receive queue after them; if omitted, it is empty and nothing was lost.
 * @public
 */
export function encodeSlab(datagrams: readonly SlabDatagram[], status: SlabStatus = {}): ArrayBuffer {
  const size = datagrams.reduce((sum, { bytes }) => sum + alignLength(bytes.byteLength), 0);
  const buffer = new ArrayBuffer(size + 4 * (datagrams.length * ENTRY_WORDS + TRAILER_WORDS));
  const bytes = new Uint8Array(buffer);
  const words = new Uint32Array(buffer);
  let start = 0;
  let at = size >> 2;
  for (const datagram of datagrams) {
    const { sender = KERNEL, group = 0, nsid, unsure = false } = datagram;
    const kept = datagram.bytes.byteLength;
    bytes.set(datagram.bytes, start);
    const flags = (unsure ? ENTRY_UNSURE : 0) | (nsid === undefined ? 0 : ENTRY_HAS_NSID);
    words.set([start, kept, datagram.length ?? kept, sender.portId, sender.groups, group, nsid ?? 0, flags], at);
    start += alignLength(kept);
    at += ENTRY_WORDS;
  }
  const { drained = true, lost = false, dropped = 0, afterLoss = lost } = status;
  const flags = (drained ? TRAILER_DRAINED : 0) | (lost ? TRAILER_LOST : 0) | (afterLoss ? TRAILER_AFTER_LOSS : 0);
  words.set([datagrams.length, flags, dropped, 0], at);
  return buffer;
}

/** The datagrams of a slab, in the order of their arrival, and the state of the receive queue after them. @public */
export interface DecodedSlab {
  /** Views of the slab, each with its length when it was sent, its sender and its group. */
  readonly datagrams: readonly (Required<Pick<SlabDatagram, 'bytes' | 'length' | 'sender' | 'group'>> & SlabDatagram)[];
  /** The state of the receive queue after the last datagram. */
  readonly status: Required<SlabStatus>;
}

/**
 * Reads a buffer that a transport has passed to `receive`: the inverse of {@link encodeSlab}.
 *
 * The bytes are views of the buffer. Messages of user sockets are among them: only a `sender` with port ID 0 is the kernel.
 *
 * @param slab - A buffer in this machine's byte order.
 * @throws DecodeError if it is not a slab: nothing outside of the buffer is read.
 * @public
 */
export function decodeSlab(slab: ArrayBuffer): DecodedSlab {
  const size = slab.byteLength;
  if (size % 4 !== 0 || size < 4 * TRAILER_WORDS) throw new DecodeError(`a slab of ${size} bytes has no trailer`, 0);
  const table = size - 4 * TRAILER_WORDS - 4 * ENTRY_WORDS * new Uint32Array(slab, size - 4 * TRAILER_WORDS, 1)[0]!;
  if (table < 0) throw new DecodeError('the entries of a slab do not fit into it', size - 4 * TRAILER_WORDS);
  const reader = Slab.of(slab);
  const { count, drained, lost, dropped, afterLoss, frame } = reader;
  /** The end of the datagram before: datagrams that overlap would cost a reader the square of the slab. */
  let before = 0;
  const datagrams = Array.from({ length: count }, (_, index) => {
    const { start, end, length, origin } = reader.entry(index);
    if (start % 4 !== 0 || start < before || end > table || length < end - start) {
      throw new DecodeError(`datagram ${index} of a slab does not fit into it`, table + 4 * ENTRY_WORDS * index);
    }
    before = end;
    return { bytes: frame.bytes.subarray(start, end), length, ...origin };
  });
  return { datagrams, status: { drained, lost, dropped, afterLoss } };
}
