import { Subject, asyncScheduler, isObservable, type Observable, type SchedulerLike } from 'rxjs';
import type { ErrnoName } from '../../errors/index.js';
import { checkInteger, checkOptionNames, kindOf, omitUndefined } from '../../check/index.js';
import { isDumpRequest } from '../../exchange/index.js';
import type {
  BlockingConnection,
  Destination,
  NamespaceHandle,
  NetworkNamespace,
  SocketOption,
  TransportConnection,
  TransportOptions,
} from '../../socket/index.js';
import { MESSAGE_HEADER_SIZE, MessageFlags, MessageType, Protocol, type Message } from '../../wire/index.js';
import { ack, errorReply, negative } from '../reply/ack.js';
import { encodeDatagram, type DatagramInit } from '../reply/datagram-init.js';
import { ExpectationTable, type Expectation } from './expectations.js';
import { fail } from './fail.js';
import { FakeConnection, type FakeKernelCore, type FakeOpening } from './fake-connection.js';
import { FakeNamespaces, sameNamespace } from './fake-namespaces.js';
import type { FakeHandler, FakeKernel, FakeKernelOptions, NotifyOptions } from './fake-kernel-interface.js';
import { messagesOf } from './messages-of.js';
import { multipart } from '../reply/multipart.js';
import { encodeOutgoing, endsRequest, resolveReplies, toDatagrams } from './outgoing.js';
import type { FakeSocket, Replies, Reply } from '../reply/reply.js';

const OPTIONS: ReadonlySet<string> = new Set<keyof FakeKernelOptions>([
  'scheduler',
  'partsPerDatagram',
  'firstPortId',
  'bufferSize',
  'maximumGroup',
  'unsupportedOptions',
]);

/** The fake kernel itself. @internal */
export class FakeKernelTransport implements FakeKernel, FakeKernelCore {
  readonly requests: Message[] = [];
  readonly datagrams: Uint8Array[] = [];
  readonly scheduler: SchedulerLike;
  readonly maximumGroup: number;
  opened = 0;
  readonly #handler: FakeHandler;
  readonly #options: FakeKernelOptions;
  readonly #table: ExpectationTable | undefined;
  readonly #received = new Subject<Message>();
  readonly #openings = new Subject<FakeSocket>();
  readonly #namespaces = new FakeNamespaces();
  readonly #connections = new Set<FakeConnection>();
  readonly #failures: unknown[] = [];
  #openFailures: (ErrnoName | number)[] = [];
  #nextPortId: number;
  #delay = 0;
  #interruptNext = false;

  constructor(handler: FakeHandler | readonly Expectation[] | undefined, options: FakeKernelOptions) {
    checkOptionNames('fakeKernel', options, OPTIONS);
    this.#options = options;
    this.scheduler = options.scheduler ?? asyncScheduler;
    this.maximumGroup = options.maximumGroup ?? 1024;
    this.#nextPortId = options.firstPortId ?? 1;
    if (typeof handler === 'function' || handler === undefined) this.#handler = handler ?? (() => undefined);
    else if (!Array.isArray(handler)) {
      throw new TypeError(`fakeKernel: handler must be a function or an array of expectations, not ${kindOf(handler)}`);
    } else {
      const table = (this.#table = new ExpectationTable(handler));
      this.#handler = (request, context) => table.answer(request, context);
    }
  }

  get received(): Observable<Message> {
    return this.#received.asObservable();
  }

  get openings(): Observable<FakeSocket> {
    return this.#openings.asObservable();
  }

  get sockets(): readonly FakeSocket[] {
    return [...this.#connections];
  }

  open(options: TransportOptions): TransportConnection {
    return this.#open(options);
  }

  openBlocking(options: Omit<TransportOptions, 'receive' | 'closed' | 'ref'>): BlockingConnection {
    return this.#open({ ...options, ref: false });
  }

  #open(options: FakeOpening): FakeConnection {
    const errno = this.#openFailures.shift();
    if (errno !== undefined) fail(errno, 'open', 'failOpen() of the fake kernel');
    const portId = options.portId === 0 ? this.#freePortId(options.protocol) : options.portId;
    if (this.#find(options.protocol, portId) !== undefined)
      fail('EADDRINUSE', 'open', `port ID ${portId} is in use by another socket of protocol ${options.protocol}`);
    const { bufferSize = 212_992 } = this.#options;
    const connection = new FakeConnection(this, options, { portId, bufferSize, netns: this.#namespaces.of(options.netns) });
    this.#connections.add(connection);
    this.opened += 1;
    this.#openings.next(connection);
    return connection;
  }

  openNamespace(netns: NetworkNamespace, onGone: () => void): NamespaceHandle {
    return this.#namespaces.open(netns, onGone);
  }

  /** Returns the namespace of an open descriptor. */
  protected namespaceOf(descriptor: number): NetworkNamespace | undefined {
    return this.#namespaces.of(descriptor);
  }

  deleteNamespace(netns: NetworkNamespace): void {
    this.#namespaces.delete(netns, (callback) => this.scheduler.schedule(callback));
  }

  defer(callback: () => void): void {
    this.scheduler.schedule(callback);
  }

  supports(option: SocketOption): boolean {
    return this.#options.unsupportedOptions?.includes(option) !== true;
  }

  closed(connection: FakeConnection): void {
    this.#connections.delete(connection);
  }

  execute(connection: FakeConnection, bytes: Uint8Array): void {
    this.datagrams.push(bytes);
    for (const request of messagesOf(bytes)) this.#executeOne(connection, request.copy());
  }

  forward(connection: FakeConnection, bytes: Uint8Array, to: Destination): boolean {
    this.datagrams.push(bytes);
    // As netlink_sendmsg(): only the lowest group counts, and the socket with the port ID does not get the multicast copy.
    const group = to.groups === undefined || to.groups === 0 ? 0 : 32 - Math.clz32(to.groups & -to.groups);
    const datagram = { bytes, sender: { portId: connection.portId, groups: groupBit(group) } };
    const known = (receiver: FakeConnection): number => (receiver.getOption('packetInfo') ? group : 0);
    for (const other of this.#connections) {
      const isAddressed = other === connection || other.portId === to.portId || other.protocol !== connection.protocol;
      if (!isAddressed && other.isMember(group)) other.deliver({ ...datagram, group: known(other) });
    }
    const target = this.#find(connection.protocol, to.portId);
    if (target !== undefined) return target.offer({ ...datagram, group: known(target) });
    if (to.portId === 0) return true;
    return fail('ECONNREFUSED', 'send', `no socket has port ID ${to.portId}`);
  }

  notify(group: number, datagram: DatagramInit, options: NotifyOptions = {}): number {
    checkInteger('notify: group', group, 1, 0xffff_ffff);
    const { protocol, nsid, echoTo } = options;
    const bytes = encodeDatagram(datagram);
    const sender = { portId: 0, groups: groupBit(group) };
    let count = 0;
    for (const connection of this.#connections) {
      if (connection !== echoTo && !connection.isMember(group)) continue;
      if (protocol !== undefined && connection.protocol !== protocol) continue;
      if ('netns' in options && !sameNamespace(connection.netns, options.netns)) continue;
      if (nsid !== undefined && !connection.getOption('listenAllNsid')) continue;
      const known = connection.getOption('packetInfo') ? group : 0;
      if (connection.deliver({ bytes, sender, group: known, ...omitUndefined({ nsid }) })) count += 1;
    }
    return count;
  }

  unicast(socket: FakeSocket, datagram: DatagramInit): boolean {
    const connection = [...this.#connections].find((one) => one === socket);
    return connection?.deliver({ bytes: encodeDatagram(datagram) }) ?? false;
  }

  overrun({ dropped = 1 }: { readonly dropped?: number } = {}): void {
    checkInteger('overrun: dropped', dropped, 0, 0xffff_ffff);
    for (const connection of this.#connections) connection.overrun(dropped);
  }

  truncate({ kept = MESSAGE_HEADER_SIZE }: { readonly kept?: number } = {}): void {
    checkInteger('truncate: kept', kept, 0, 0xffff_ffff);
    for (const connection of this.#connections) connection.truncateTo = kept;
  }

  interruptDump(): void {
    const running = [...this.#connections].filter((connection) => connection.isDumping);
    for (const connection of running) connection.isDumpInterrupted = true;
    if (running.length === 0) this.#interruptNext = true;
  }

  spoof(fromPortId: number, datagram: DatagramInit): void {
    const last = this.requests.at(-1);
    for (const connection of this.#connections) {
      const bytes = encodeDatagram(datagram, { sequence: last?.sequence ?? 0, portId: connection.portId });
      connection.deliver({ bytes, sender: { portId: fromPortId, groups: 0 } });
    }
  }

  delay(milliseconds: number): void {
    if (!Number.isFinite(milliseconds) || milliseconds < 0)
      throw new RangeError(`delay: milliseconds must be a non-negative number, not ${milliseconds}`);
    this.#delay = milliseconds;
  }

  disconnect(errno: ErrnoName | number = 'ENOTCONN'): void {
    negative(errno);
    for (const connection of this.#connections) connection.disconnect(errno);
  }

  failOpen(errno: ErrnoName | number, times = 1): void {
    negative(errno);
    this.#openFailures = Array.from({ length: times }, () => errno);
  }

  verify({ missing = true }: { readonly missing?: boolean } = {}): void {
    if (this.#failures.length > 0) throw this.#failures[0];
    if (missing) this.#table?.verify();
  }

  #executeOne(connection: FakeConnection, request: Message): void {
    connection.declareSecretsOf(request);
    const index = this.requests.push(request) - 1;
    this.#received.next(request);
    // As netlink_rcv_skb(): a message that is not a request, and a control message, only get an ack if they ask for one.
    // The connector reads neither flags nor type (cn_rx_skb()).
    const isControl = (request.flags & MessageFlags.Request) === 0 || request.type < MessageType.Minimum;
    if (isControl && connection.protocol !== Protocol.Connector) {
      this.#reply(connection, request, undefined, false);
      return;
    }
    const isDump = isDumpRequest(connection.protocol, request.type, request.flags);
    if (isDump && connection.isDumping) {
      this.#reply(connection, request, errorReply('EBUSY'), false);
      return;
    }
    let replies: Replies;
    try {
      replies = this.#handler(request, { socket: connection, kernel: this, index });
    } catch (error) {
      this.#failures.push(error);
      throw error;
    }
    if (isObservable(replies)) this.#replyOverTime(connection, request, replies);
    else this.#reply(connection, request, replies, isDump);
  }

  #reply(connection: FakeConnection, request: Message, replies: Reply | readonly Reply[] | undefined, isDump: boolean): void {
    const defaults = replies === undefined ? (isDump ? multipart([]) : []) : toArray(replies);
    const resolved = resolveReplies(defaults, request, connection);
    const wantsAck = (request.flags & MessageFlags.Ack) !== 0 && !endsRequest(resolved) && (replies === undefined || resolved.length > 0);
    if (wantsAck) resolved.push(...resolveReplies([ack()], request, connection));
    const datagrams = toDatagrams(resolved, this.#options.partsPerDatagram);
    const startsDump = isDump && resolved.some((reply) => !(reply instanceof Uint8Array) && reply.type === MessageType.Done);
    if (startsDump) connection.isDumping = true;
    this.#afterDelay(() => {
      if (!startsDump) for (const datagram of datagrams) connection.deliver({ bytes: encodeOutgoing(datagram) });
      else {
        if (this.#interruptNext) connection.isDumpInterrupted = true;
        this.#interruptNext = false;
        connection.startDump(datagrams);
      }
    });
  }

  #replyOverTime(connection: FakeConnection, request: Message, replies: Observable<Reply | readonly Reply[]>): void {
    let ended = false;
    let hasReplied = false;
    const deliver = (some: readonly Reply[]): void => {
      const resolved = resolveReplies(some, request, connection);
      hasReplied = true;
      ended ||= endsRequest(resolved);
      for (const datagram of toDatagrams(resolved, this.#options.partsPerDatagram)) {
        this.#afterDelay(() => connection.deliver({ bytes: encodeOutgoing(datagram) }));
      }
    };
    replies.subscribe({
      next: (value) => {
        deliver(toArray(value));
      },
      error: (error: unknown) => {
        this.#failures.push(error);
      },
      complete: () => {
        if (!ended && hasReplied && (request.flags & MessageFlags.Ack) !== 0) deliver([ack()]);
      },
    });
  }

  #afterDelay(callback: () => void): void {
    if (this.#delay === 0) callback();
    else this.scheduler.schedule(callback, this.#delay);
  }

  #find(protocol: number, portId: number): FakeConnection | undefined {
    return [...this.#connections].find((connection) => connection.protocol === protocol && connection.portId === portId);
  }

  #freePortId(protocol: number): number {
    while (this.#find(protocol, this.#nextPortId) !== undefined) this.#nextPortId += 1;
    return this.#nextPortId++;
  }
}

/** Returns the bit of a group in an address; groups above 32 have none. */
function groupBit(group: number): number {
  return group >= 1 && group <= 32 ? (1 << (group - 1)) >>> 0 : 0;
}

function toArray(replies: Reply | readonly Reply[]): readonly Reply[] {
  return Array.isArray(replies) ? (replies as readonly Reply[]) : [replies as Reply];
}
