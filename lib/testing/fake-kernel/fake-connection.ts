import type { SchedulerLike } from 'rxjs';
import type { ErrnoName } from '../../errors/index.js';
import {
  encodeSlab,
  type SlabDatagram,
  type BlockingConnection,
  type Destination,
  type NetworkNamespace,
  type SocketOption,
  type TransportOptions,
} from '../../socket/index.js';
import { Queue } from '../../socket/internal.js';
import { type Message } from '../../wire/index.js';
import { declareSecrets } from '../../wire/internal.js';
import { fail, failure } from './fail.js';
import { encodeOutgoing, type Outgoing } from './outgoing.js';
import { ReceiveQueue, type ReadResult } from './receive-queue.js';
import type { FakeSocket } from '../reply/reply.js';

/** The number of datagrams that one wake-up delivers. */
const DATAGRAMS_PER_WAKE_UP = 32;

const KERNEL = { portId: 0, groups: 0 };

/** The part of a fake kernel that its connections use. @internal */
export interface FakeKernelCore {
  readonly scheduler: SchedulerLike;
  readonly maximumGroup: number;
  supports(option: SocketOption): boolean;
  /** Executes the requests of a datagram. */
  execute(connection: FakeConnection, bytes: Uint8Array): void;
  /** Delivers a datagram to other sockets. */
  forward(connection: FakeConnection, bytes: Uint8Array, to: Destination): boolean;
  closed(connection: FakeConnection): void;
}

/** The options of a connection; without `receive` it reads only when its caller blocks on it. @internal */
export type FakeOpening = Omit<TransportOptions, 'receive'> & Partial<Pick<TransportOptions, 'receive'>>;

/** The properties that a fake kernel assigns to a new connection. @internal */
export interface FakeConnectionSetup {
  readonly portId: number;
  readonly bufferSize: number;
  readonly netns: NetworkNamespace | undefined;
}

/** One open socket of a fake kernel. @internal */
export class FakeConnection implements BlockingConnection, FakeSocket {
  readonly portId: number;
  readonly fd = -1;
  readonly protocol: number;
  readonly netns: NetworkNamespace | undefined;
  isPaused = false;
  isRef: boolean;
  isClosed = false;
  filter: Uint8Array | null = null;
  /** True from the request of a dump to its DONE: the kernel rejects a second dump with EBUSY. */
  isDumping = false;
  /** True if the remaining parts of the dump are flagged as interrupted. */
  isDumpInterrupted = false;
  /** The number of bytes that the next datagram is truncated to; undefined for all. */
  truncateTo: number | undefined;
  readonly queue: ReceiveQueue;
  readonly #kernel: FakeKernelCore;
  readonly #options: FakeOpening;
  readonly #on = new Set<SocketOption>(['packetInfo']);
  readonly #groups = new Set<number>();
  #sendBufferSize: number;
  readonly #dumpParts = new Queue<Outgoing>();
  #isWaking = false;

  constructor(kernel: FakeKernelCore, options: FakeOpening, { portId, bufferSize, netns }: FakeConnectionSetup) {
    this.#kernel = kernel;
    this.#options = options;
    this.portId = portId;
    this.protocol = options.protocol;
    this.netns = netns;
    this.isRef = options.ref;
    this.queue = new ReceiveQueue(bufferSize);
    this.#sendBufferSize = bufferSize;
  }

  send(bytes: Uint8Array, length: number, to?: Destination): boolean {
    this.#assertOpen('send');
    if (length > this.#sendBufferSize - 32)
      fail('EMSGSIZE', 'send', `${length} bytes do not fit into a send buffer of ${this.#sendBufferSize}`);
    const datagram = new Uint8Array(bytes.subarray(0, length));
    if (to !== undefined && (to.portId !== 0 || (to.groups ?? 0) !== 0)) return this.#kernel.forward(this, datagram, to);
    this.#kernel.execute(this, datagram);
    return true;
  }

  exchange(bytes: Uint8Array, length: number, expected: number): ArrayBuffer | undefined;
  exchange(bytes: Uint8Array, length: number, expected: number, room: Uint8Array, start: number): ArrayBuffer | number | undefined;
  exchange(bytes: Uint8Array, length: number, expected: number, room?: Uint8Array, start = 0): ArrayBuffer | number | undefined {
    this.send(bytes, length);
    // The event loop reads the datagrams before a gap, because it reports the gap after them.
    if (this.isPaused || this.queue.hasLost || !this.queue.isReadable) return undefined;
    // One datagram more than expected, to find the end of the queue; otherwise the event loop finds it.
    const { datagrams, status } = this.#read(expected + 1);
    this.#wake();
    if (datagrams.length === 0) return undefined;
    const slab = encodeSlab(datagrams, status);
    if (room === undefined || slab.byteLength > room.length - start) return slab;
    room.set(new Uint8Array(slab), start);
    return slab.byteLength;
  }

  receiveBlocking(timeout?: number): ArrayBuffer | undefined {
    this.#assertOpen('receive');
    if (!this.queue.isReadable) {
      // Delayed replies do not arrive while the thread is blocked.
      if (timeout === undefined)
        throw new Error(
          'requestSync: the fake kernel has queued no reply; the call would block forever; return a reply from the handler, or set timeout',
        );
      return undefined;
    }
    const { datagrams, status } = this.#read(DATAGRAMS_PER_WAKE_UP);
    return encodeSlab(datagrams, status);
  }

  /** Registers the key material of a request, so that it is printed as asterisks. */
  declareSecretsOf(request: Message): void {
    const { findSecrets } = this.#options;
    if (findSecrets !== undefined) declareSecrets(request, findSecrets);
  }

  receiveNow(): ArrayBuffer | undefined {
    if (this.#options.receive === undefined || this.isPaused || this.isClosed || !this.queue.isReadable) return undefined;
    const { datagrams, status } = this.#read(DATAGRAMS_PER_WAKE_UP);
    this.#wake();
    return encodeSlab(datagrams, status);
  }

  get overrunPending(): boolean {
    return this.queue.hasLost;
  }

  pause(): void {
    this.isPaused = true;
  }

  resume(): void {
    this.isPaused = false;
    this.#wake();
  }

  setRef(ref: boolean): void {
    this.isRef = ref;
  }

  setOption(option: SocketOption, on: boolean): void {
    this.#assertOpen('setOption');
    if (!this.#kernel.supports(option)) fail('ENOPROTOOPT', 'setOption', `option ${option}: this kernel does not have this option`);
    if (on) this.#on.add(option);
    else this.#on.delete(option);
    if (option === 'noEnobufs') this.queue.noEnobufs = on;
  }

  getOption(option: SocketOption): boolean {
    return this.#on.has(option);
  }

  join(group: number): void {
    this.#assertOpen('joinGroup');
    this.#assertGroup(group, 'joinGroup');
    this.#groups.add(group);
  }

  leave(group: number): void {
    this.#assertOpen('leaveGroup');
    this.#assertGroup(group, 'leaveGroup');
    this.#groups.delete(group);
  }

  memberships(): number[] {
    return [...this.#groups].sort((a, b) => a - b);
  }

  isMember(group: number): boolean {
    return this.#groups.has(group);
  }

  setBufferSize(buffer: 'receive' | 'send', bytes: number): void {
    this.#assertOpen('setBufferSize');
    // The kernel doubles the size that is set, and has a minimum for each buffer.
    if (buffer === 'receive') this.queue.limit = Math.max(2 * bytes, 2304);
    else this.#sendBufferSize = Math.max(2 * bytes, 4608);
  }

  getBufferSize(buffer: 'receive' | 'send'): number {
    return buffer === 'receive' ? this.queue.limit : this.#sendBufferSize;
  }

  drops(): number {
    return this.queue.drops;
  }

  setFilter(program: Uint8Array | null): void {
    this.#assertOpen('setFilter');
    this.filter = program === null ? null : new Uint8Array(program);
  }

  close(): void {
    if (this.isClosed) return;
    this.isClosed = true;
    this.#kernel.closed(this);
  }

  /** Ends by itself: reports it to the socket in a later turn, as transports do. */
  disconnect(errno: ErrnoName | number): void {
    const { closed } = this.#options;
    if (closed === undefined) return;
    const error = failure(errno, 'receive', 'disconnect() of the fake kernel');
    this.#kernel.scheduler.schedule(() => {
      if (!this.isClosed) closed(error);
    });
  }

  /** Queues a datagram from the kernel or another sender. Returns false if the queue is full. */
  deliver(datagram: Partial<SlabDatagram> & { readonly bytes: Uint8Array }): boolean {
    if (this.isClosed) return false;
    const delivered = this.queue.push({ sender: KERNEL, group: 0, ...datagram });
    this.#wake();
    return delivered;
  }

  /** Queues a datagram of another user socket. Returns false if the queue is full; nothing is lost, because the sender keeps it. */
  offer(datagram: SlabDatagram): boolean {
    return !this.queue.isFull && this.deliver(datagram);
  }

  /** Starts a dump: queues its first part at once, and each further part after a read. */
  startDump(parts: readonly Outgoing[]): void {
    if (this.isClosed) return;
    this.#dumpParts.clear();
    for (const part of parts) this.#dumpParts.push(part);
    this.#continueDump();
    this.#wake();
  }

  /** Loses datagrams, as a full queue does. */
  overrun(dropped: number): void {
    this.queue.overrun(dropped);
    this.#wake();
  }

  #continueDump(): void {
    if (!this.queue.hasRoomForDump) return;
    const part = this.#dumpParts.shift();
    if (part === undefined) return;
    this.queue.pushDumpPart({ bytes: encodeOutgoing(part, this.isDumpInterrupted) });
    if (this.#dumpParts.size === 0) this.isDumping = this.isDumpInterrupted = false;
  }

  #read(most: number): ReadResult {
    const { datagrams, status } = this.queue.read(most, () => {
      this.#continueDump();
    });
    return { datagrams: datagrams.map((datagram) => this.#truncate(datagram)), status };
  }

  #truncate(datagram: SlabDatagram): SlabDatagram {
    const { byteLength } = datagram.bytes;
    const kept = Math.min(byteLength, this.truncateTo ?? byteLength, this.#options.datagramSize);
    this.truncateTo = undefined;
    return kept === byteLength ? datagram : { ...datagram, bytes: datagram.bytes.subarray(0, kept), length: byteLength };
  }

  /** Schedules a read in a later turn, unless one is scheduled or nothing can be read. */
  #wake(): void {
    const { receive } = this.#options;
    if (receive === undefined || this.#isWaking || this.isPaused || this.isClosed || !this.queue.isReadable) return;
    this.#isWaking = true;
    this.#kernel.scheduler.schedule(() => {
      this.#isWaking = false;
      if (this.isPaused || this.isClosed || !this.queue.isReadable) return;
      const { datagrams, status } = this.#read(DATAGRAMS_PER_WAKE_UP);
      this.#wake();
      receive(encodeSlab(datagrams, status));
    });
  }

  #assertOpen(operation: string): void {
    if (this.isClosed) fail('EBADF', operation, 'the socket is closed');
  }

  #assertGroup(group: number, operation: string): void {
    if (!Number.isInteger(group) || group < 1 || group > this.#kernel.maximumGroup)
      fail('EINVAL', operation, `group ${group}: the number is out of range for this protocol`);
  }
}
