import { Observable, type Subscriber, type Subscription } from 'rxjs';
import { Errno, SocketClosedError } from '../errors/index.js';
import type { PendingRequest } from '../exchange/index.js';
import { KERNEL_ORIGIN, iterateMessages, type Datagram, type Message, type MessageInit } from '../wire/index.js';
import { abortWith } from './request/abort.js';
import { BlockingRequests } from './blocking-requests.js';
import { batchRequests, checkBatchOptions, type BatchOptions, type BatchResult, type IsFailure } from './session/batch.js';
import { checkIterable, omitUndefined } from '../check/index.js';
import { checkMessage } from './request/check-message.js';
import { SocketLifecycle, type SiblingContext } from './lifecycle.js';
import { iterateSocket } from './message-iterator.js';
import { nativeTransport } from './native/native-transport.js';
import type { ObserverList } from './session/observer-list.js';
import { operationName } from './request/operation-name.js';
import { checkGroup, checkOptions, checkSwitch, type NetlinkSocketOptions, type SocketSettings } from './options.js';
import { checkSend } from './session/outbox.js';
import { TimedRequestObserver } from './request/timed-request-observer.js';
import { checkRequestOptions, checkTimeout, type RequestOptions, type SyncRequestOptions } from './request/request-options.js';
import type { RequestObserver, RequestOutcome } from './request/request-observer.js';
import type { SocketFilter } from './filter/socket-filter.js';
import type { SocketCounters } from './session/trace.js';
import { checkTransaction, transactRequests, type TransactionMessage, type TransactionOptions } from './session/transaction.js';
import type { SystemFailure } from './native/load-addon.js';
import type { Outcome, RequestSubscriber } from './request/outcome.js';
import type { Destination, MessageDescriber, SocketOption, Transport, TunDevice } from './transport/transport.js';

/** A lease that holds a socket open until it is unsubscribed or disposed of. @public */
export type Lease = Subscription & Disposable;

/**
 * A netlink socket as an Observable of every message that it receives, in the kernel's order.
 *
 * Make one with {@link netlink}. The first subscription to any of its streams opens the descriptor. The descriptor closes
 * one turn of the event loop after the last subscription ends, so that a subscriber that resubscribes at once keeps it.
 *
 * @public
 */
export class NetlinkSocket extends Observable<Message> {
  readonly #settings: SocketSettings;
  readonly #transport: Transport;
  readonly #lifecycle: SocketLifecycle;
  #blocking: BlockingRequests<NetlinkSocket> | undefined;
  #datagrams: Observable<Datagram> | undefined;
  #unsolicited: Observable<Message> | undefined;
  #events: NetlinkSocket | undefined;

  /** @internal use {@link netlink} */
  constructor(options: NetlinkSocketOptions, context?: SiblingContext) {
    super((subscriber) => this.#observe(this.#lifecycle.streams.messages, subscriber));
    this.#settings = checkOptions(options);
    this.#transport = options.transport ?? nativeTransport;
    this.#lifecycle = new SocketLifecycle(this.#settings, this.#transport, context);
  }

  /** Every received datagram, before it is split into messages. */
  get datagrams(): Observable<Datagram> {
    return (this.#datagrams ??= new Observable((subscriber) => this.#observe(this.#lifecycle.streams.datagrams, subscriber)));
  }

  /**
   * Messages of the kernel that answer no request and belong to no multicast group: packets of a queue or a log, exits of
   * tasks, and errors of messages that `send()` sent. While it has a subscriber, these messages are not counted as strays.
   */
  get unsolicited(): Observable<Message> {
    return (this.#unsolicited ??= new Observable((subscriber) => this.#observe(this.#lifecycle.streams.unsolicited, subscriber)));
  }

  /** The netlink protocol of the socket: a {@link Protocol}. */
  get protocol(): number {
    return this.#settings.protocol;
  }

  /** True while the descriptor is open. */
  get isOpen(): boolean {
    return this.#lifecycle.session !== undefined;
  }

  /** The port ID that the socket is bound to. Throws {@link SocketClosedError} while the socket is closed. */
  get portId(): number {
    return this.#lifecycle.openConnection.portId;
  }

  /** The file descriptor, for system calls that this library does not offer. Throws like `portId`. */
  get fd(): number {
    return this.#lifecycle.openConnection.fd;
  }

  /** Counters of everything that the socket did not deliver to a subscriber. */
  get counters(): SocketCounters {
    return this.#lifecycle.trace.counters;
  }

  /**
   * Returns a cold Observable that sends a request on subscribe and emits the replies.
   *
   * The flags get `Request` and, unless `{ ack: false }`, `Ack`. The Observable may complete empty. Unsubscribing only ignores
   * the replies: the kernel has carried out a request that was sent.
   *
   * @param message - The caller must not change the payload until the request has ended.
   * @throws {@link KernelError}, {@link OverrunError}, {@link TimeoutError}, {@link DumpInterruptedError} as the error signal.
   */
  request(message: MessageInit, options: RequestOptions = {}): Observable<Message> {
    checkMessage('request', message);
    checkRequestOptions(options);
    return this.requestUnchecked(message, options);
  }

  /** Returns the Observable of {@link NetlinkSocket.request} for options that the caller has checked. @internal */
  requestUnchecked(message: MessageInit, options: RequestOptions): Observable<Message> {
    return new Observable((subscriber) => this.sendRequest(message, options, subscriber, subscriber));
  }

  /**
   * Sends a request as {@link NetlinkSocket.request} does, for options that the caller has checked.
   *
   * @param subscriber - Its end cancels the request.
   * @param outcome - Receives the replies: the subscriber, or an observer that passes on to it.
   * @internal
   */
  sendRequest(message: MessageInit, options: RequestOptions, subscriber: RequestSubscriber, outcome: RequestOutcome): void {
    const { dump, ack, timeout, signal, ordered } = options;
    if (!abortWith(signal, subscriber)) return;
    const isUsual = dump !== true && ack !== false && ordered !== true;
    const sent = isUsual ? this.#lifecycle.session?.ask(message, subscriber, outcome) : undefined;
    if (sent === 'ended') return;
    const { operation = operationName(this.protocol, message.type) } = options;
    const session = this.#lifecycle.acquire(subscriber);
    if (session === undefined) return;
    const observer = new TimedRequestObserver(subscriber, outcome, session, operation, timeout, this.#lifecycle);
    let pending: PendingRequest<RequestObserver> | undefined;
    try {
      const submitOptions = { dump, ack, operation };
      pending =
        sent === undefined
          ? session.submit(message, submitOptions, observer, ordered)
          : session.submitSent(message, submitOptions, observer, sent);
    } finally {
      observer.follow(pending);
    }
  }

  /**
   * Sends a request and blocks the thread until all replies have arrived; for start-up code.
   *
   * The call opens a descriptor of its own in the same namespace and closes it at the end. Further calls in the same turn of the
   * event loop share one, which closes after the turn. The thread runs nothing else meanwhile: in a running program use
   * {@link NetlinkSocket.request}.
   *
   * @returns The replies.
   * @throws The errors of `request`; {@link TimeoutError} if no reply arrived for `timeout` milliseconds.
   */
  requestSync(message: MessageInit, input: SyncRequestOptions = {}): Message[] {
    checkMessage('requestSync', message);
    checkRequestOptions(input);
    const { timeout, operation = operationName(this.protocol, message.type) } = input;
    // The thread waits, and no timer fires meanwhile.
    const options = timeout === undefined ? input : { ...input, timeout: Infinity };
    this.#requireOpen();
    return this.#block((socket, outcome) => socket.sendRequest(message, options, outcome, outcome), operation, timeout);
  }

  /** Blocks until a stream on a socket of its own has ended; returns the emitted values. @internal */
  waitFor<T>(stream: (socket: NetlinkSocket) => Observable<T>, operation: string, timeout?: number): T[] {
    checkTimeout(timeout);
    this.#requireOpen();
    return this.#block((socket, outcome) => outcome.add(stream(socket).subscribe(outcome)), operation, timeout);
  }

  /**
   * Sends many requests in as few datagrams as possible, and emits the outcome of each by its index.
   *
   * Only the last request of a datagram asks for an ack; the kernel always reports errors. The batch does not stop at an error
   * unless `stopOnError` is true.
   *
   * @param messages - The requests; dumps and nfnetlink transactions are rejected. The kernel carries them out in their order.
   */
  batch(messages: Iterable<MessageInit>, options: BatchOptions = {}): Observable<BatchResult> {
    checkIterable('batch: messages', messages);
    checkBatchOptions(options);
    return this.batchUnchecked(messages, options);
  }

  /** Returns the Observable of {@link NetlinkSocket.batch} for checked arguments. @param isFailure - Whether `stopOnError` stops. @internal */
  batchUnchecked(messages: Iterable<MessageInit>, options: BatchOptions, isFailure?: IsFailure): Observable<BatchResult> {
    return new Observable((subscriber) => {
      const session = this.#lifecycle.hold(subscriber);
      if (session !== undefined) batchRequests(session, this.protocol, messages, { ...options, isFailure }, subscriber);
    });
  }

  /**
   * Sends requests that succeed or fail together, in exactly one datagram, and emits their replies (an nfnetlink transaction).
   *
   * @param messages - BATCH_BEGIN first, BATCH_END last.
   * @param options - `timeout` counts from sending to the end.
   * @throws {@link KernelError} as the error signal, for the first request that the kernel rejected: nothing was changed.
   */
  transact(messages: readonly TransactionMessage[], options: TransactionOptions = {}): Observable<Message> {
    checkTransaction(messages, options);
    return new Observable((subscriber) => {
      const session = this.#lifecycle.hold(subscriber);
      if (session !== undefined) transactRequests(session, this.protocol, messages, options, subscriber);
    });
  }

  /**
   * Sends messages unchanged, in one datagram; fills in length, sequence number and port ID if they are absent.
   *
   * Replies appear in the socket's own stream. The socket must be open.
   *
   * @param options - `to`: the destination, another user socket; the kernel if omitted. While its receive queue is full, datagrams wait in order.
   * @returns The messages as they were sent.
   * @throws NetlinkError if the kernel rejects the datagram; EAGAIN if 16 MiB already wait for a full socket.
   */
  send(message: MessageInit, options?: { to?: Destination }): Message;
  /**
   * Sends several messages unchanged, in one datagram, otherwise like the call with one message.
   *
   * @returns The messages as they were sent, in their order.
   * @throws NetlinkError if the kernel rejects the datagram; EAGAIN if 16 MiB already wait for a full socket.
   */
  send(messages: readonly MessageInit[], options?: { to?: Destination }): Message[];
  send(messages: MessageInit | readonly MessageInit[], { to }: { to?: Destination } = {}): Message | Message[] {
    const list = Array.isArray(messages) ? (messages as readonly MessageInit[]) : [messages as MessageInit];
    checkSend(list, to);
    const sent = [...iterateMessages(this.#lifecycle.openSession.outbox.send(list, to), KERNEL_ORIGIN)];
    return Array.isArray(messages) ? sent : (sent[0] as Message);
  }

  /** Sends messages to the kernel as `send` does, and returns nothing. @internal */
  post(messages: readonly MessageInit[]): void {
    checkSend(messages, undefined);
    this.#lifecycle.openSession.outbox.send(messages, undefined);
  }

  /**
   * Emits the notifications of one multicast group; joins it on subscribe and leaves it after the last unsubscribe.
   *
   * @param group - The number of the group, from 1; not a bit mask.
   */
  multicast(group: number): Observable<Message> {
    return this.multicastNamed(group);
  }

  /** Emits the notifications of a group as `multicast` does. @param name - The name of the group, for errors. @internal */
  multicastNamed(group: number, name?: string): Observable<Message> {
    checkGroup(group);
    return new Observable((subscriber) => {
      if (!this.#lifecycle.holdGroup(subscriber, group, name)) return;
      const { streams } = this.#lifecycle;
      streams.addToGroup(group, subscriber);
      subscriber.add(() => streams.removeFromGroup(group, subscriber));
    });
  }

  /** Joins a multicast group until {@link NetlinkSocket.leaveGroup}; a closed socket joins it when it opens. */
  joinGroup(group: number): void {
    this.#lifecycle.joinGroup(checkGroup(group));
  }

  /** Reverts `joinGroup` or the option `groups`; the socket leaves the group unless a subscription holds it. */
  leaveGroup(group: number): void {
    this.#lifecycle.leaveGroup(checkGroup(group));
  }

  /** Returns the groups that the open socket is a member of, ascending. */
  memberships(): number[] {
    return this.#lifecycle.openConnection.memberships();
  }

  /**
   * Opens the socket and holds it open.
   *
   * @throws NetlinkError if it cannot be opened.
   * @returns A lease; unsubscribe or dispose of it to release the socket.
   */
  connect(): Lease {
    const lease = this.#lifecycle.lease();
    return Object.assign(lease, { [Symbol.dispose]: () => lease.unsubscribe() });
  }

  /** Closes the socket for good: every stream, request and lease ends with {@link SocketClosedError}. */
  close(): void {
    this.#lifecycle.close();
    this.#blocking?.close();
    this.#events?.close();
  }

  /** Closes the socket, as `close` does; `using` calls it. */
  [Symbol.dispose](): void {
    this.close();
  }

  /** Makes another socket in the same namespace, with the same options except port ID, groups and filter. */
  sibling(): NetlinkSocket {
    return this.#createSibling(this.#transport);
  }

  /**
   * The sibling on which all clients of this socket receive notifications, so that they arrive in the kernel's order. Created at
   * the first access, closed with this socket.
   *
   * @internal
   */
  get eventSibling(): NetlinkSocket {
    if (this.#events === undefined) {
      this.#events = this.sibling();
      if (this.#lifecycle.closed) this.#events.close();
    }
    return this.#events;
  }

  /** Attaches a classic BPF program, or detaches it with null; see {@link bpf}. A closed socket attaches it when it opens. */
  setFilter(filter: SocketFilter | null): void {
    this.#lifecycle.setup.setFilter(filter, this.#lifecycle.connection);
  }

  /**
   * Sets a switch of the socket; a closed socket sets it when it opens.
   *
   * Requests need `packetInfo` to distinguish replies from multicast messages.
   */
  setOption(option: SocketOption, on: boolean): void {
    this.#lifecycle.setup.setOption(option, on, this.#lifecycle.connection);
    this.#blocking?.close();
  }

  /** Returns the state of a switch of the open socket. */
  getOption(option: SocketOption): boolean {
    checkSwitch(option);
    return this.#lifecycle.openConnection.getOption(option);
  }

  /** The size of the receive queue in bytes. The kernel doubles the size that is set (`SO_RCVBUF`); the getter returns its figure. */
  get receiveBufferSize(): number {
    return this.#lifecycle.openConnection.getBufferSize('receive');
  }

  set receiveBufferSize(bytes: number) {
    this.#lifecycle.setup.setBufferSize('receive', bytes, this.#lifecycle.connection, this.#lifecycle.trace);
    this.#lifecycle.session?.updateWindow();
    this.#blocking?.close();
  }

  /** The size of the send buffer in bytes; the kernel doubles the size that is set (`SO_SNDBUF`). */
  get sendBufferSize(): number {
    return this.#lifecycle.openConnection.getBufferSize('send');
  }

  set sendBufferSize(bytes: number) {
    this.#lifecycle.setup.setBufferSize('send', bytes, this.#lifecycle.connection, this.#lifecycle.trace);
    this.#blocking?.close();
  }

  /** The number of datagrams that the kernel dropped since the socket was opened (`SO_MEMINFO`). */
  get drops(): number {
    return this.#lifecycle.openConnection.drops();
  }

  /** Lets the open socket keep the process alive. */
  ref(): this {
    this.#lifecycle.setup.ref = true;
    this.#lifecycle.connection?.setRef(true);
    return this;
  }

  /** Lets the process end while the socket is open. */
  unref(): this {
    this.#lifecycle.setup.ref = false;
    this.#lifecycle.connection?.setRef(false);
    return this;
  }

  /** Stops reading: the kernel's receive queue buffers messages, and new requests wait. */
  pause(): void {
    this.#lifecycle.paused = true;
  }

  /** Starts to read again after `pause()`. */
  resume(): void {
    this.#lifecycle.paused = false;
  }

  /**
   * Emits before messages that may be behind a loss, and may refer to what was lost. The `OverrunError` follows when the receive queue
   * is empty. It does not open the socket, and never ends.
   *
   * @internal
   */
  get losses(): Observable<void> {
    return new Observable((subscriber) => {
      const { losses } = this.#lifecycle.streams;
      losses.add(subscriber);
      subscriber.add(() => losses.remove(subscriber));
    });
  }

  /** Registers a family's names of operations and attributes for traces. @internal */
  describeWith(describer: MessageDescriber): void {
    this.#lifecycle.trace.describeWith(describer);
  }

  /** Stops reading while a reader has more messages than it can store, and no request is in flight. @internal */
  setSlowReader(reader: object, isSlow: boolean): void {
    this.#lifecycle.session?.setSlowReader(reader, isSlow);
  }

  /**
   * Reads and delivers the messages that the kernel has queued, until `isEnough` returns true.
   *
   * @returns False if nothing can be read now: the socket is closed or paused, or a delivery is in progress.
   * @internal
   */
  readQueued(isEnough: () => boolean): boolean {
    return this.#lifecycle.session?.catchUp(isEnough) ?? false;
  }

  /** Counts and traces a value that a schema does not list. @internal */
  noteUnknown(text: string, message?: Message): void {
    this.#lifecycle.trace.unknown(text, message);
  }

  /** Iterates over messages with back-pressure: the socket stops reading while the body of the loop is behind. */
  [Symbol.asyncIterator](): AsyncIterableIterator<Message, undefined> {
    return iterateSocket(this, this.#lifecycle);
  }

  /** A blocking request has a descriptor of its own, and ends with this socket all the same. */
  #requireOpen(): void {
    if (this.#lifecycle.closed) throw new SocketClosedError('closed');
  }

  #block<T>(start: (socket: NetlinkSocket, outcome: Outcome<T>) => void, operation: string, timeout: number | undefined): T[] {
    this.#blocking ??= new BlockingRequests(this.#transport, (transport) => this.#createSibling(transport));
    return this.#blocking.run(start, operation, timeout);
  }

  #createSibling(transport: Transport): NetlinkSocket {
    const { protocol, netns, datagramSize, sender } = this.#settings;
    const { namespace, setup } = this.#lifecycle;
    return new NetlinkSocket(
      { protocol, datagramSize, sender, transport, ...omitUndefined({ netns }) },
      { namespace, setup: setup.copy() },
    );
  }

  /** The transport, for other sockets beside this one, if it is not that of the kernel. @internal */
  get ownTransport(): Transport | undefined {
    return this.#transport === nativeTransport ? undefined : this.#transport;
  }

  /** Creates a tun or tap device in the namespace of the socket; emits the failure, or undefined. @internal */
  createTun(device: TunDevice): Observable<SystemFailure | undefined> {
    return new Observable((subscriber) => {
      if (this.#lifecycle.hold(subscriber) === undefined) return;
      const unsupported = { step: 'transport', errno: -Errno.EOPNOTSUPP };
      const create = this.#transport.createTun?.bind(this.#transport);
      subscriber.next(create === undefined ? unsupported : create(device, this.#lifecycle.namespace.descriptor));
      subscriber.complete();
    });
  }

  #observe<T>(list: ObserverList<T>, subscriber: Subscriber<T>): void {
    if (this.#lifecycle.hold(subscriber) === undefined) return;
    list.add(subscriber);
    subscriber.add(() => list.remove(subscriber));
  }
}
