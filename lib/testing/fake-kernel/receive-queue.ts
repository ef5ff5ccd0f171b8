import type { SlabDatagram, SlabStatus } from '../../socket/index.js';
import { Queue } from '../../socket/internal.js';

/** The memory that the smallest datagram needs in the queue, about: 256 acks or 67 links fill the default queue (212992 bytes). */
const SMALL = 832;

/** The datagrams of one read, and the state of the queue after it. @internal */
export interface ReadResult {
  readonly datagrams: readonly SlabDatagram[];
  readonly status: SlabStatus;
}

/**
 * The receive queue of one socket: it is bounded and overruns as netlink's queue does.
 *
 * After one datagram is lost, all further ones are lost too, until a read finds the queue empty. The gap is there.
 *
 * @internal
 */
export class ReceiveQueue {
  /** The size of the queue in the kernel's accounting (`SO_RCVBUF`, doubled). */
  limit: number;
  /** `NETLINK_NO_ENOBUFS`: a reader notices a loss only by the drop counter. */
  noEnobufs = false;
  /** The number of dropped datagrams. */
  drops = 0;
  readonly #datagrams = new Queue<SlabDatagram>();
  #used = 0;
  #congested = false;
  #unreported = 0;
  #lost = false;
  #drainedPending = false;

  constructor(limit: number) {
    this.limit = limit;
  }

  /** True if a read returns something new: a datagram, a loss, or the end of the queue. */
  get isReadable(): boolean {
    return this.#datagrams.size > 0 || this.#lost || this.#drainedPending;
  }

  /** True after a loss that no read has reported yet. */
  get hasLost(): boolean {
    return this.#lost;
  }

  /** True if the queue has no room for another datagram. */
  get isFull(): boolean {
    return this.#congested || this.#used > this.limit;
  }

  /** True while a dump may add its next part. */
  get hasRoomForDump(): boolean {
    return this.#used <= this.limit / 2;
  }

  /** Queues a datagram, or drops it and returns false. */
  push(datagram: SlabDatagram): boolean {
    if (this.isFull) {
      this.overrun(1);
      return false;
    }
    this.pushDumpPart(datagram);
    return true;
  }

  /** Queues a part of a dump. The kernel produces a part only when there is room, so an overrun does not affect it. */
  pushDumpPart(datagram: SlabDatagram): void {
    this.#datagrams.push(datagram);
    this.#used += cost(datagram);
  }

  /** Loses datagrams. A socket with `NETLINK_NO_ENOBUFS` does not lose the following ones. */
  overrun(dropped: number): void {
    this.#congested = !this.noEnobufs;
    this.#lost = true;
    this.drops += dropped;
    this.#unreported += dropped;
  }

  /**
   * Reads as the addon does: up to `most` datagrams, or until the queue is empty.
   *
   * @param afterEach - Called after each datagram; a running dump queues its next part there.
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
    this.#drainedPending = true;
    return { datagrams, status: { drained: false, afterLoss: this.#lost } };
  }

  /** Ends a read at the end of the queue (EAGAIN): from now on datagrams are queued again. */
  #drain(): SlabStatus {
    const status = { drained: true, lost: this.#lost, dropped: this.#unreported };
    this.#congested = this.#lost = this.#drainedPending = false;
    this.#unreported = 0;
    return status;
  }
}

function cost({ bytes }: SlabDatagram): number {
  return bytes.byteLength <= 256 ? SMALL : SMALL + 2 * bytes.byteLength;
}
