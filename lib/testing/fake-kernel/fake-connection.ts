import type { SchedulerLike } from 'rxjs';
import {
  encodeSlab,
  type SlabDatagram,
  type BlockingConnection,
  type Destination,
  type NetworkNamespace,
  type SocketOption,
  type TransportOptions,
} from '../../socket/index.js';
import { type Message } from '../../wire/index.js';
import { declareSecrets } from '../../wire/internal.js';
import { fail } from './fail.js';
import { encodeOutgoing, type Outgoing } from './outgoing.js';
import { ReceiveQueue, type ReadResult } from './receive-queue.js';
import type { FakeSocket } from '../reply/reply.js';

/** How many datagrams one wake-up delivers. */
const DATAGRAMS_A_WAKE_UP = 32;

const KERNEL = { portId: 0, groups: 0 };

/** What a connection wants of the kernel it is connected to. @internal */
export interface FakeKernelCore {
  readonly scheduler: SchedulerLike;
  readonly maximumGroup: number;
  supports(option: SocketOption): boolean;
  /** Executes the requests of a datagram. */
  execute(connection: FakeConnection, bytes: Uint8Array): void;
  /** Carries a datagram to other sockets. */
  forward(connection: FakeConnection, bytes: Uint8Array, to: Destination): boolean;
  closed(connection: FakeConnection): void;
}

/** How a connection is opened: without `receive` nobody reads it but who waits. @internal */
export type FakeOpening = Omit<TransportOptions, 'receive'> & Partial<Pick<TransportOptions, 'receive'>>;

/** What a kernel gives a socket at its opening. @internal */
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
  /** True from a dump's request to its DONE: a second one is refused. */
  isDumping = false;
  /** Set on the dump's parts that are still to come. */
  isDumpInterrupted = false;
  /** Bytes to keep of the next datagram; undefined: all. */
  truncateTo: number | undefined;
  readonly queue: ReceiveQueue;
  readonly #kernel: FakeKernelCore;
  readonly #options: FakeOpening;
  readonly #on = new Set<SocketOption>(['packetInfo']);
  readonly #groups = new Set<number>();
  #sendBufferSize: number;
  #dumpParts: Outgoing[] = [];
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
    if (length > this.#sendBufferSize - 32) fail('EMSGSIZE', 'send', `${length} bytes do not fit a send buffer of ${this.#sendBufferSize}`);
    const datagram = new Uint8Array(bytes.subarray(0, length));
    if (to !== undefined && (to.portId !== 0 || (to.groups ?? 0) !== 0)) return this.#kernel.forward(this, datagram, to);
    this.#kernel.execute(this, datagram);
    return true;
  }

  exchange(bytes: Uint8Array, length: number, expected: number): ArrayBuffer | undefined {
    this.send(bytes, length);
    // What is queued before a gap belongs to the loop, which tells of the gap.
    if (this.isPaused || this.queue.hasLost || !this.queue.isReadable) return undefined;
    // One more than expected, so as to find out whether anything is left; if not now, the loop will.
    const { datagrams, status } = this.#read(expected + 1);
    this.#wake();
    return datagrams.length === 0 ? undefined : encodeSlab(datagrams, status);
  }

  receiveBlocking(timeout?: number): ArrayBuffer | undefined {
    this.#assertOpen('receive');
    if (!this.queue.isReadable) {
      // Nothing happens while one waits: of what is delayed nothing ever comes.
      if (timeout === undefined) throw new Error('the fake kernel has nothing to say: a real one would be waited for in vain');
      return undefined;
    }
    const { datagrams, status } = this.#read(DATAGRAMS_A_WAKE_UP);
    return encodeSlab(datagrams, status);
  }

  /** Lets what prints a request hide the key material in it. */
  declareSecretsOf(request: Message): void {
    const { findSecrets } = this.#options;
    if (findSecrets !== undefined) declareSecrets(request, findSecrets);
  }

  receiveNow(): ArrayBuffer | undefined {
    if (this.#options.receive === undefined || this.isPaused || this.isClosed || !this.queue.isReadable) return undefined;
    const { datagrams, status } = this.#read(DATAGRAMS_A_WAKE_UP);
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
    if (!this.#kernel.supports(option)) fail('ENOPROTOOPT', 'setOption', `this kernel does not know ${option}`);
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
    // The kernel doubles what it is asked for, and has a least size for each.
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

  /** Queues a datagram from the kernel, or from another sender; false where there was no room. */
  deliver(datagram: Partial<SlabDatagram> & { readonly bytes: Uint8Array }): boolean {
    if (this.isClosed) return false;
    const delivered = this.queue.push({ sender: KERNEL, group: 0, ...datagram });
    this.#wake();
    return delivered;
  }

  /** Queues a datagram of another user's; false where there is no room, which is no loss: the writer keeps it. */
  offer(datagram: SlabDatagram): boolean {
    return !this.queue.isFull && this.deliver(datagram);
  }

  /** Starts a dump: its first part is queued at once, each further one when something has been read. */
  startDump(parts: readonly Outgoing[]): void {
    if (this.isClosed) return;
    this.#dumpParts = [...parts];
    this.#continueDump();
    this.#wake();
  }

  /** Loses messages, as a full queue does. */
  overrun(dropped: number): void {
    this.queue.overrun(dropped);
    this.#wake();
  }

  #continueDump(): void {
    if (!this.queue.hasRoomForDump) return;
    const part = this.#dumpParts.shift();
    if (part === undefined) return;
    this.queue.pushDumpPart({ bytes: encodeOutgoing(part, this.isDumpInterrupted) });
    if (this.#dumpParts.length === 0) this.isDumping = this.isDumpInterrupted = false;
  }

  #read(most: number): ReadResult {
    const { datagrams, status } = this.queue.read(most, () => {
      this.#continueDump();
    });
    return { datagrams: datagrams.map((datagram) => this.#cut(datagram)), status };
  }

  #cut(datagram: SlabDatagram): SlabDatagram {
    const { byteLength } = datagram.bytes;
    const kept = Math.min(byteLength, this.truncateTo ?? byteLength, this.#options.datagramSize);
    this.truncateTo = undefined;
    return kept === byteLength ? datagram : { ...datagram, bytes: datagram.bytes.subarray(0, kept), length: byteLength };
  }

  /** Has the socket read in a later turn, unless it will anyway. */
  #wake(): void {
    const { receive } = this.#options;
    if (receive === undefined || this.#isWaking || this.isPaused || this.isClosed || !this.queue.isReadable) return;
    this.#isWaking = true;
    this.#kernel.scheduler.schedule(() => {
      this.#isWaking = false;
      if (this.isPaused || this.isClosed || !this.queue.isReadable) return;
      const { datagrams, status } = this.#read(DATAGRAMS_A_WAKE_UP);
      this.#wake();
      receive(encodeSlab(datagrams, status));
    });
  }

  #assertOpen(operation: string): void {
    if (this.isClosed) fail('EBADF', operation, 'the socket is closed');
  }

  #assertGroup(group: number, operation: string): void {
    if (!Number.isInteger(group) || group < 1 || group > this.#kernel.maximumGroup) fail('EINVAL', operation, `there is no group ${group}`);
  }
}
