import { KERNEL_ORIGIN, alignLength, type Datagram, type DatagramOrigin, type SenderAddress } from '../../wire/index.js';
import { Frame } from '../../wire/internal.js';

/*
 * A slab is what one wake-up has received, in one piece of memory:
 *
 *   | datagram | datagram | ... | entry | entry | ... | trailer |
 *
 * Datagrams start on 4-byte boundaries. Entries and trailer are 32-bit words in the host's order, one entry a datagram:
 *
 *   entry:   offset, bytes kept, full length, sender's port ID, sender's groups, group, nsid, flags
 *   trailer: number of entries, flags, datagrams dropped, 0
 *
 * native/receive/slab.h has the same numbers.
 */
const ENTRY_WORDS = 8;
const TRAILER_WORDS = 4;

const ENTRY_UNSURE = 1;
const ENTRY_HAS_NSID = 2;

const TRAILER_DRAINED = 1;
const TRAILER_LOST = 2;

const KERNEL: SenderAddress = KERNEL_ORIGIN.sender;

/** One datagram in a slab: where it lies and where it came from. @internal */
export interface SlabEntry {
  readonly start: number;
  readonly end: number;
  /** Its length when it was sent; more than `end - start` where it was cut. */
  readonly length: number;
  readonly origin: DatagramOrigin;
}

/** Reads what a transport delivers. @internal */
export class Slab {
  readonly frame: Frame;
  /** How many datagrams it holds. */
  readonly count: number;
  /** True where nothing was left to read after these. */
  readonly drained: boolean;
  /** True where messages were lost between the last datagram of this slab and whatever comes next. */
  readonly lost: boolean;
  /** How many datagrams the kernel dropped there. */
  readonly dropped: number;
  readonly #table: number;

  constructor(buffer: ArrayBuffer) {
    this.frame = new Frame(new Uint8Array(buffer));
    const { words } = this.frame;
    const trailer = words.length - TRAILER_WORDS;
    this.count = words[trailer]!;
    const flags = words[trailer + 1]!;
    this.drained = (flags & TRAILER_DRAINED) !== 0;
    this.lost = (flags & TRAILER_LOST) !== 0;
    this.dropped = words[trailer + 2]!;
    this.#table = trailer - this.count * ENTRY_WORDS;
  }

  entry(index: number): SlabEntry {
    const { words } = this.frame;
    const at = this.#table + index * ENTRY_WORDS;
    const start = words[at]!;
    return { start, end: start + words[at + 1]!, length: words[at + 2]!, origin: readOrigin(words, at) };
  }
}

/** The origin that was read last, of those that have a group or a sender and nothing more. */
let latest: DatagramOrigin = KERNEL_ORIGIN;

function readOrigin(words: Uint32Array, at: number): DatagramOrigin {
  const portId = words[at + 3]!;
  const groups = words[at + 4]!;
  const group = words[at + 5]!;
  const flags = words[at + 7]!;
  if (flags === 0 && portId === 0 && groups === 0 && group === 0) return KERNEL_ORIGIN;
  // A storm is many datagrams of one origin.
  if (flags === 0 && latest.group === group && latest.sender.groups === groups && latest.sender.portId === portId) return latest;
  const sender = portId === 0 && groups === 0 ? KERNEL : { portId, groups };
  if (flags === 0) return (latest = { sender, group });
  return {
    sender,
    group,
    ...((flags & ENTRY_HAS_NSID) !== 0 ? { nsid: words[at + 6]! | 0 } : {}),
    ...((flags & ENTRY_UNSURE) !== 0 ? { unsure: true } : {}),
  };
}

/** A datagram for {@link encodeSlab}. @public */
export interface SlabDatagram extends Partial<Omit<Datagram, 'bytes'>> {
  readonly bytes: Uint8Array;
  /** Its full length, where `bytes` is only what was kept of it. */
  readonly length?: number;
}

/** What stands at the end of a slab. @public */
export interface SlabStatus {
  /** Nothing is left to read after these datagrams. */
  readonly drained?: boolean;
  /** Messages were lost after these datagrams (an overrun). */
  readonly lost?: boolean;
  /** How many datagrams were dropped there. */
  readonly dropped?: number;
}

/**
 * Builds what a transport hands to `receive`, for transports that are no kernel.
 *
 * @param datagrams - In the order in which they arrived.
 * @param status - What is known about the queue behind them; drained and nothing lost where left out.
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
  const { drained = true, lost = false, dropped = 0 } = status;
  words.set([datagrams.length, (drained ? TRAILER_DRAINED : 0) | (lost ? TRAILER_LOST : 0), dropped, 0], at);
  return buffer;
}
