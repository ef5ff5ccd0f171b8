import type { SlabDatagram, SlabStatus } from '../../socket/index.js';

/** What a datagram costs of the queue, about: the least any takes, and what larger ones do (KERNEL: 256 acks or 67 links). */
const SMALL = 832;

/** What one read took out of a queue. @internal */
export interface ReadResult {
  readonly datagrams: readonly SlabDatagram[];
  readonly status: SlabStatus;
}

/**
 * The kernel's side of one socket's reading: a bounded queue that overruns as netlink's does.
 *
 * Once something was lost, everything more is, until a reader has found the queue empty. There lies the gap.
 *
 * @internal
 */
export class ReceiveQueue {
  /** `SO_RCVBUF` as the kernel accounts it. */
  limit: number;
  /** `NETLINK_NO_ENOBUFS`: whoever reads notices losses by the counter alone. */
  noEnobufs = false;
  /** Datagrams dropped in all. */
  drops = 0;
  readonly #datagrams: SlabDatagram[] = [];
  #used = 0;
  #congested = false;
  #unreported = 0;
  #lost = false;
  #owesDrained = false;

  constructor(limit: number) {
    this.limit = limit;
  }

  /** True where the reader has something to hear: a datagram, a loss, or that nothing is left. */
  get isReadable(): boolean {
    return this.#datagrams.length > 0 || this.#lost || this.#owesDrained;
  }

  /** True where something was lost of which the reader has not heard. */
  get hasLost(): boolean {
    return this.#lost;
  }

  /** True where nothing more fits. */
  get isFull(): boolean {
    return this.#congested || this.#used > this.limit;
  }

  /** True while a dump may add its next part. */
  get hasRoomForDump(): boolean {
    return this.#used <= this.limit / 2;
  }

  /** Queues a datagram, or drops it. */
  push(datagram: SlabDatagram): boolean {
    if (this.isFull) {
      this.overrun(1);
      return false;
    }
    this.pushDumpPart(datagram);
    return true;
  }

  /** Queues a part of a dump: those wait for room themselves, and no overrun stops them. */
  pushDumpPart(datagram: SlabDatagram): void {
    this.#datagrams.push(datagram);
    this.#used += cost(datagram);
  }

  /** Loses datagrams. A socket without ENOBUFS does not lose all the others for that. */
  overrun(dropped: number): void {
    this.#congested = !this.noEnobufs;
    this.#lost = true;
    this.drops += dropped;
    this.#unreported += dropped;
  }

  /**
   * Reads as the addon does: until it has as many as asked for, or nothing is left.
   *
   * @param afterEach - Called after each datagram; dumps go on there.
   */
  read(most: number, afterEach: () => void): ReadResult {
    const datagrams: SlabDatagram[] = [];
    while (datagrams.length < most) {
      const datagram = this.#datagrams.shift();
      if (datagram === undefined) return { datagrams, status: this.#drain() };
      this.#used -= cost(datagram);
      datagrams.push(datagram);
      afterEach();
    }
    this.#owesDrained = true;
    return { datagrams, status: { drained: false } };
  }

  /** Reading met EAGAIN: from here on nothing is dropped. */
  #drain(): SlabStatus {
    const status = { drained: true, lost: this.#lost, dropped: this.#unreported };
    this.#congested = this.#lost = this.#owesDrained = false;
    this.#unreported = 0;
    return status;
  }
}

function cost({ bytes }: SlabDatagram): number {
  return bytes.byteLength <= 256 ? SMALL : SMALL + 2 * bytes.byteLength;
}
