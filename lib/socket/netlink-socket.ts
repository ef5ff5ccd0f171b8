import { Observable, type Subscriber, type Subscription } from 'rxjs';
import type { Datagram, Message, MessageInit } from '../wire/index.js';
import { abortWith } from './session/abort.js';
import { batchRequests, type BatchResult } from './session/batch.js';
import { checkIterable } from '../check/index.js';
import { checkMessage } from './session/check-message.js';
import { Memberships } from './memberships.js';
import { iterateSocket } from './message-iterator.js';
import { nativeTransport } from './native/native-transport.js';
import { NamespaceReference } from './transport/shared-namespace.js';
import type { ObserverList } from './session/observer-list.js';
import { operationName } from './session/operation-name.js';
import { checkGroup, checkOptions, checkSwitch, type NetlinkSocketOptions, type SocketSettings } from './options.js';
import { checkSend } from './session/outbox.js';
import { RequestObserver } from './session/request-observer.js';
import { checkRequestOptions, checkTimeout, type RequestOptions, type SyncRequestOptions } from './session/request-options.js';
import { SocketLife } from './lifecycle.js';
import { SocketSetup, type SocketFilter } from './setup.js';
import { SocketStreams } from './session/streams.js';
import { SyncTransport } from './transport/sync-transport.js';
import { Trace, type SocketCounters } from './session/trace.js';
import { checkTransaction, transactRequests, type TransactionMessage, type TransactionOptions } from './session/transaction.js';
import type { Destination, MessageDescriber, SocketOption, Transport } from './transport/transport.js';

/** Holds a socket open; unsubscribing or disposing of it lets go. @public */
export type Lease = Subscription & Disposable;

/** What siblings share. @internal */
export interface SocketHeritage {
  readonly namespace: NamespaceReference;
  readonly setup: SocketSetup;
}

/**
 * A netlink socket as an Observable of every message that it receives, in the kernel's order.
 *
 * Make one with {@link netlink}. Its descriptor is opened by the first subscription to anything of it and closed after the
 * last, one turn of the event loop later, so that whoever unsubscribes to subscribe again keeps it.
 *
 * @public
 */
export class NetlinkSocket extends Observable<Message> {
  /** Everything received, before it is taken apart into messages. */
  readonly datagrams: Observable<Datagram>;

  readonly #settings: SocketSettings;
  readonly #transport: Transport;
  readonly #namespace: NamespaceReference;
  readonly #setup: SocketSetup;
  readonly #trace: Trace;
  readonly #streams = new SocketStreams();
  readonly #memberships: Memberships;
  readonly #life: SocketLife;

  /** @internal use {@link netlink} */
  constructor(options: NetlinkSocketOptions, heritage?: SocketHeritage) {
    super((subscriber) => this.#listen(this.#streams.messages, subscriber));
    const settings = checkOptions(options);
    const transport = options.transport ?? nativeTransport;
    this.#settings = settings;
    this.#transport = transport;
    this.#namespace = heritage?.namespace ?? new NamespaceReference(options.netns);
    this.#setup = heritage?.setup ?? new SocketSetup(settings);
    this.#trace = new Trace(settings.protocol);
    this.#life = new SocketLife({
      settings,
      transport,
      namespace: this.#namespace,
      setup: this.#setup,
      trace: this.#trace,
      streams: this.#streams,
      memberships: () => this.#memberships,
    });
    this.#memberships = new Memberships(
      settings.groups,
      () => this.#life.session,
      (callback) => transport.defer(callback),
    );
    this.datagrams = new Observable((subscriber) => this.#listen(this.#streams.datagrams, subscriber));
  }

  /** The protocol that it speaks. */
  get protocol(): number {
    return this.#settings.protocol;
  }

  get isOpen(): boolean {
    return this.#life.session !== undefined;
  }

  /** Port ID that it is bound to. Throws {@link SocketClosedError} while closed, as all that only an open socket knows. */
  get portId(): number {
    return this.#life.open.connection.portId;
  }

  /** File descriptor, for what this library does not offer. */
  get fd(): number {
    return this.#life.open.connection.fd;
  }

  /** What it has met beside what it delivered. */
  get counters(): SocketCounters {
    return this.#trace.counters;
  }

  /**
   * Asks the kernel for something: a cold Observable that sends on subscribe and emits the replies.
   *
   * `Request` and, unless `{ ack: false }`, `Ack` are added to the flags. It may complete empty. Unsubscribing only ignores
   * the replies: what was sent has happened.
   *
   * @param message - The payload must stay as it is until the request has ended.
   * @throws {@link KernelError}, {@link OverrunError}, {@link TimeoutError}, {@link DumpInterruptedError} as the error signal.
   */
  request(message: MessageInit, options: RequestOptions = {}): Observable<Message> {
    checkMessage('request', message);
    checkRequestOptions(options);
    return new Observable((subscriber) => {
      const { dump, ack, timeout, signal, ordered } = options;
      if (!abortWith(signal, subscriber)) return;
      const operation = options.operation ?? operationName(this.protocol, message.type);
      const session = this.#life.hold(subscriber);
      if (session === undefined) return;
      const observer = new RequestObserver(subscriber, operation, timeout, (isEnough) => session.catchUp(isEnough));
      const pending = session.submit(message, { dump, ack, operation }, observer, ordered);
      if (observer.ended) return;
      subscriber.add(() => {
        if (!observer.ended) session.cancel(pending, observer.late);
      });
    });
  }

  /**
   * Asks the kernel for something and blocks until all replies are there; for start-up code.
   *
   * A descriptor of its own is opened for it, in the same namespace, and closed after. Nothing else happens in this thread
   * meanwhile: in a running program use {@link NetlinkSocket.request}.
   *
   * @returns The replies.
   * @throws What `request` would end with; {@link TimeoutError} where nothing came for `timeout` milliseconds.
   */
  requestSync(message: MessageInit, input: SyncRequestOptions = {}): Message[] {
    checkMessage('requestSync', message);
    checkRequestOptions(input);
    const { timeout, ...options } = input;
    const operation = options.operation ?? operationName(this.protocol, message.type);
    return this.waitFor((socket) => socket.request(message, options), operation, timeout);
  }

  /** Blocks until a stream on a socket of its own has ended; returns what it emitted. @internal */
  waitFor<T>(stream: (socket: NetlinkSocket) => Observable<T>, operation: string, timeout?: number): T[] {
    checkTimeout(timeout);
    const transport = new SyncTransport(this.#transport);
    const socket = this.#another(transport);
    try {
      return transport.wait(stream(socket), operation, timeout);
    } finally {
      socket.close();
    }
  }

  /**
   * Sends many requests in as few datagrams as fit, and emits the outcome of each by its index.
   *
   * Only the last request of a datagram asks for an ack; errors always come. It does not stop at an error.
   *
   * @param messages - No dumps and no nfnetlink transactions; nothing is assumed about their order of completion but that
   * the kernel carries them out in theirs.
   */
  batch(messages: Iterable<MessageInit>): Observable<BatchResult> {
    checkIterable('batch: messages', messages);
    return new Observable((subscriber) => {
      const session = this.#life.hold(subscriber);
      if (session !== undefined) batchRequests(session, this.protocol, messages, subscriber);
    });
  }

  /**
   * Sends requests that succeed or fail together, in exactly one datagram, and emits their replies: nfnetlink's transactions.
   *
   * @param messages - BATCH_BEGIN first, BATCH_END last.
   * @param options - `timeout` counts from sending to the end.
   * @throws {@link KernelError} as the error signal, for the first request that the kernel refused: nothing was changed.
   */
  transact(messages: readonly TransactionMessage[], options: TransactionOptions = {}): Observable<Message> {
    checkTransaction(messages, options);
    return new Observable((subscriber) => {
      const session = this.#life.hold(subscriber);
      if (session !== undefined) transactRequests(session, this.protocol, messages, options, subscriber);
    });
  }

  /**
   * Sends messages as they are, in one datagram; length, sequence number and port ID are filled in where absent.
   *
   * Answers appear in the socket's own stream. The socket has to be open.
   *
   * @param to - Another user's socket; the kernel where left out. While it is full what is sent waits, in order.
   * @returns What was sent.
   * @throws NetlinkError if the kernel refuses it, EAGAIN if 16 MiB wait for a full socket already.
   */
  send(message: MessageInit, options?: { to?: Destination }): Message;
  send(messages: readonly MessageInit[], options?: { to?: Destination }): Message[];
  send(messages: MessageInit | readonly MessageInit[], { to }: { to?: Destination } = {}): Message | Message[] {
    const list = Array.isArray(messages) ? (messages as readonly MessageInit[]) : [messages as MessageInit];
    checkSend(list, to);
    const sent = this.#life.open.outbox.send(list, to);
    return Array.isArray(messages) ? sent : (sent[0] as Message);
  }

  /**
   * The notifications of one multicast group; joins it on subscribe and leaves it after the last unsubscribe.
   *
   * @param group - Its number, 1 and up; not a bit mask.
   */
  multicast(group: number): Observable<Message> {
    checkGroup(group);
    return new Observable((subscriber) => {
      if (this.#life.hold(subscriber) === undefined) return;
      try {
        subscriber.add(this.#memberships.subscribe(group));
      } catch (error) {
        subscriber.error(error);
        return;
      }
      this.#streams.addToGroup(group, subscriber);
      subscriber.add(() => this.#streams.removeFromGroup(group, subscriber));
    });
  }

  /** Joins a multicast group until {@link NetlinkSocket.leaveGroup}; remembered while closed. */
  joinGroup(group: number): void {
    this.#memberships.join(checkGroup(group));
  }

  /** Takes `joinGroup` or the option back; the group is left when no subscription holds it either. */
  leaveGroup(group: number): void {
    this.#memberships.leave(checkGroup(group));
  }

  /** Groups that the open socket is a member of, ascending. */
  memberships(): number[] {
    return this.#life.open.connection.memberships();
  }

  /**
   * Opens the socket and holds it open.
   *
   * @throws NetlinkError if it cannot be opened.
   * @returns A lease; the socket may close when it is unsubscribed or disposed of.
   */
  connect(): Lease {
    const lease = this.#life.lease();
    return Object.assign(lease, { [Symbol.dispose]: () => lease.unsubscribe() });
  }

  /** Closes it for good: every stream, request and lease ends with {@link SocketClosedError}. */
  close(): void {
    this.#life.close();
  }

  [Symbol.dispose](): void {
    this.close();
  }

  /** Another socket in the same namespace with the same options, but for port ID, groups and filter. */
  sibling(): NetlinkSocket {
    return this.#another(this.#transport);
  }

  /** Attaches a classic BPF program, or detaches with null; see {@link bpf}. Remembered while closed. */
  setFilter(filter: SocketFilter | null): void {
    this.#setup.setFilter(filter, this.#life.session?.connection);
  }

  /** Sets a switch of the socket; while closed it is remembered. Requests need `packetInfo` to know their replies. */
  setOption(option: SocketOption, on: boolean): void {
    this.#setup.setOption(option, on, this.#life.session?.connection);
  }

  getOption(option: SocketOption): boolean {
    checkSwitch(option);
    return this.#life.open.connection.getOption(option);
  }

  /** Size of the receive queue: what you ask for goes in, what the kernel made of it (about twice that) comes out. */
  get receiveBufferSize(): number {
    return this.#life.open.connection.getBufferSize('receive');
  }

  set receiveBufferSize(bytes: number) {
    this.#setup.setBufferSize('receive', bytes, this.#life.session?.connection, this.#trace);
    this.#life.session?.measureWindow();
  }

  /** Size of the send buffer, in and out as with the receive queue. */
  get sendBufferSize(): number {
    return this.#life.open.connection.getBufferSize('send');
  }

  set sendBufferSize(bytes: number) {
    this.#setup.setBufferSize('send', bytes, this.#life.session?.connection, this.#trace);
  }

  /** Datagrams that the kernel dropped since the socket was opened (`SO_MEMINFO`). */
  get drops(): number {
    return this.#life.open.connection.drops();
  }

  /** Lets the open socket keep the process alive. */
  ref(): this {
    this.#setup.ref = true;
    this.#life.session?.connection.setRef(true);
    return this;
  }

  /** Lets the process end although the socket is open. */
  unref(): this {
    this.#setup.ref = false;
    this.#life.session?.connection.setRef(false);
    return this;
  }

  /** Stops reading: the kernel's queue is the buffer, new requests wait. */
  pause(): void {
    this.#life.paused = true;
  }

  resume(): void {
    this.#life.paused = false;
  }

  /** Lets a family name operations and attributes in traces; returns the way to take that back. @internal */
  describeWith(describer: MessageDescriber): () => void {
    return this.#trace.describeWith(describer);
  }

  /** Counts and traces a value that a schema does not know. @internal */
  noteUnknown(text: string, message?: Message): void {
    this.#trace.unknown(text, message);
  }

  /** Messages with back-pressure: reading rests while the loop's body is behind. */
  [Symbol.asyncIterator](): AsyncIterableIterator<Message, undefined> {
    return iterateSocket(this, () => this.#life.session);
  }

  #another(transport: Transport): NetlinkSocket {
    const { protocol, netns, datagramSize, sender } = this.#settings;
    return new NetlinkSocket(
      { protocol, datagramSize, sender, transport, ...(netns === undefined ? {} : { netns }) },
      { namespace: this.#namespace, setup: this.#setup.copy() },
    );
  }

  #listen<T>(list: ObserverList<T>, subscriber: Subscriber<T>): void {
    if (this.#life.hold(subscriber) === undefined) return;
    list.add(subscriber);
    subscriber.add(() => list.remove(subscriber));
  }
}
