import { Observable, defaultIfEmpty, filter, finalize, map, type Subscriber } from 'rxjs';
import type {
  DoName,
  DoReply,
  DoRequest,
  DumpName,
  DumpReply,
  DumpRequest,
  EventName,
  EventOf,
  FamilyTypes,
  GroupName,
  NotificationOf,
  TypedFamilySchema,
} from '../schema/index.js';
import { operationCodec, type OperationCodec } from '../schema/index.js';
import { FamilyNotFoundError, SocketClosedError, type KernelError } from '../errors/index.js';
import { checkArray, checkInteger, checkIterable, checkOptionNames, omitUndefined } from '../check/index.js';
import { NetlinkSocket, netlink, type BatchOptions, type TransactionOptions } from '../socket/index.js';
import { checkBatchOptions, checkRequestOptions } from '../socket/internal.js';
import { runBatch, type FamilyBatchResult } from './request/batch.js';
import { collectRows } from './request/collect-rows.js';
import { familyDescriber } from './message-describer.js';
import { familyEvents, familySendErrors } from './events.js';
import type { FindFilters } from './request/dump-filter.js';
import { DUMP_OPTIONS, FamilyRequests, type DumpOptions } from './request/family-requests.js';
import { checkSocket, socketOptions, type FamilySocket } from './family-socket.js';
import { decodeNotifications, familyNotifications, notificationDecoder, type FamilyNotification } from './notifications.js';
import type { PickOption, PickedRow, PropertyOf } from './picked-row.js';
import { genericFamilies } from './generic-family.js';
import { encodeSends } from './request/send.js';
import { requestFlags, type DoOptions, type OperationFlags, type SyncDoOptions } from './request/request-flags.js';
import { checkTransactionOptions, runTransaction, type FamilyTransactionOptions, type TransactionStep } from './request/transaction.js';
import { ValueDecoder } from './value-decoder.js';

/** Options of `list()` of a {@link FamilyClient}. @public */
export interface ListOptions extends DumpOptions {
  /**
   * Maximum number of repetitions of a dump that a change interrupted.
   * @defaultValue 3
   */
  readonly retries?: number;
}

/** An operation of a transaction or a batch. @public */
export type FamilyOperation<Family extends FamilyTypes> = {
  [Op in DoName<Family>]: { readonly op: Op; readonly request: DoRequest<Family, Op>; readonly options?: OperationFlags };
}[DoName<Family>];

/** A notification in a group of a family, discriminated by `op`. @public */
export type NotificationIn<Family extends FamilyTypes, Group extends GroupName<Family>> =
  NotificationOf<Family, Group> extends infer Notification
    ? Notification extends { readonly op: infer Op extends string; readonly value: infer Value }
      ? FamilyNotification<Op, Value>
      : never
    : never;

/** A {@link NotificationIn} that contains only those picked properties that the notification has. @public */
export type PickedNotificationIn<Family extends FamilyTypes, Group extends GroupName<Family>, Name extends string> =
  NotificationIn<Family, Group> extends infer Notification
    ? Notification extends FamilyNotification<infer Op, infer Value>
      ? FamilyNotification<Op, PickedRow<Value, Name>>
      : never
    : never;

/** Options of `listSync()` of a {@link FamilyClient}. @public */
export type SyncListOptions = Omit<ListOptions, 'signal'>;

const RETRIES = 3;

const LIST_OPTIONS: ReadonlySet<string> = new Set([...DUMP_OPTIONS, 'retries']);

/**
 * A typed client of a kernel family: its operations, dumps and notifications by the kernel's names.
 *
 * The client uses two sockets, each open only while it is needed: one for requests and, from the first `notifications` on,
 * a sibling for notifications, so that neither fills the other's receive queue. Clients that share a socket also share its
 * sibling: their notifications arrive in the order in which the kernel sent them.
 *
 * @typeParam Family - The types in the family's generated file.
 * @example Create an interface and wait for the ack
 * ```ts
 * const link = rtLink();
 * await lastValueFrom(link.do('newlink', { ifname: 'br7', linkinfo: { kind: 'bridge' } }, { create: true, exclusive: true }));
 * ```
 * @public
 */
export class FamilyClient<Family extends FamilyTypes> {
  /** The family's descriptor. */
  readonly schema: TypedFamilySchema<Family>;
  /** The socket that sends the requests. */
  readonly socket: NetlinkSocket;
  readonly #owned: boolean;
  readonly #filters: FindFilters;
  /** The subscribers of the streams that end with the client. */
  #streams: readonly Subscriber<unknown>[] = [];
  #familyRequests: FamilyRequests | undefined;
  /** The codec of the latest operation: programs repeat one. */
  #latest: OperationCodec | undefined;
  #closed = false;
  #describesEvents = false;

  /**
   * @param schema - The family's descriptor.
   * @param socket - A socket of the family's protocol to share, or options to open a socket.
   * @param filters - Returns the filters for the rows of a dump that the kernel has not filtered.
   * @throws TypeError if the socket has another protocol.
   */
  constructor(schema: TypedFamilySchema<Family>, socket: FamilySocket = {}, filters: FindFilters = () => undefined) {
    this.schema = schema;
    this.#owned = !(socket instanceof NetlinkSocket);
    this.socket = socket instanceof NetlinkSocket ? checkSocket(schema, socket) : netlink(socketOptions(schema, socket));
    this.#filters = filters;
    this.#describeOn(this.socket);
  }

  #requests(): FamilyRequests {
    return (this.#familyRequests ??= new FamilyRequests(
      this.socket,
      this.schema,
      new ValueDecoder(this.schema, this.socket),
      this.#filters,
    ));
  }

  /**
   * Runs one operation; sends on subscribe.
   *
   * Emits the reply, or `undefined` if the kernel sends none. If nfnetlink accepts the operation in transactions only, it is
   * sent as a transaction of one.
   *
   * @param op - The kernel's name.
   * @param request - Properties by name; omitted properties are not sent.
   * @throws `EncodeError` as the error signal, if the request cannot be encoded; {@link KernelError} if the kernel rejects it.
   */
  do<Op extends DoName<Family>>(op: Op, request?: DoRequest<Family, Op>, options?: DoOptions): Observable<DoReply<Family, Op>>;
  /** Runs one operation and decodes only the picked properties of the reply. */
  do<Op extends DoName<Family>, Name extends PropertyOf<DoReply<Family, Op>>>(
    op: Op,
    request: DoRequest<Family, Op>,
    options: DoOptions & PickOption<Name>,
  ): Observable<PickedRow<DoReply<Family, Op>, Name>>;
  do(op: string, request: unknown = {}, options: DoOptions & Partial<PickOption<string>> = {}): Observable<unknown> {
    const latest = this.#latest;
    const codec = latest !== undefined && latest.operation.name === op ? latest : operationCodec(this.schema, op);
    this.#latest = codec;
    return codec.operation.transaction === true
      ? this.#doInTransaction(op, request as object, options).pipe(defaultIfEmpty(undefined))
      : this.#requests().do(codec, request as object, options);
  }

  /**
   * Streams the rows of a table; sends on subscribe.
   *
   * @throws `DumpInterruptedError` as the error signal, after all rows, if a change made them inconsistent.
   */
  dump<Op extends DumpName<Family>>(op: Op, request?: DumpRequest<Family, Op>, options?: DumpOptions): Observable<DumpReply<Family, Op>>;
  /** Streams the rows of a table and decodes only the picked properties of each. */
  dump<Op extends DumpName<Family>, Name extends PropertyOf<DumpReply<Family, Op>>>(
    op: Op,
    request: DumpRequest<Family, Op>,
    options: DumpOptions & PickOption<Name>,
  ): Observable<PickedRow<DumpReply<Family, Op>, Name>>;
  dump(op: string, request: unknown = {}, options: DumpOptions & Partial<PickOption<string>> = {}): Observable<unknown> {
    return this.#requests().dump(op, request as object, options);
  }

  /**
   * Emits a whole table as one array; repeats a dump that a change interrupted.
   *
   * @throws `DumpInterruptedError` as the error signal, with the rows of the last try, if none succeeded.
   */
  list<Op extends DumpName<Family>>(op: Op, request?: DumpRequest<Family, Op>, options?: ListOptions): Observable<DumpReply<Family, Op>[]>;
  /** Emits a whole table as one array and decodes only the picked properties of each row. */
  list<Op extends DumpName<Family>, Name extends PropertyOf<DumpReply<Family, Op>>>(
    op: Op,
    request: DumpRequest<Family, Op>,
    options: ListOptions & PickOption<Name>,
  ): Observable<PickedRow<DumpReply<Family, Op>, Name>[]>;
  list(op: string, request: unknown = {}, input: ListOptions & Partial<PickOption<string>> = {}): Observable<unknown[]> {
    checkOptionNames('list', input, LIST_OPTIONS);
    const { retries = RETRIES, ...options } = input;
    checkInteger('list: option retries', retries, 0, 0x7fff_ffff);
    return collectRows(this.#requests().dump(op, request as object, options), retries);
  }

  /**
   * Runs one operation and blocks until its end; for start-up code. See {@link NetlinkSocket.requestSync}.
   *
   * @throws The error with which `do()` would end.
   */
  doSync<Op extends DoName<Family>>(op: Op, request?: DoRequest<Family, Op>, options?: SyncDoOptions): DoReply<Family, Op>;
  /** Runs one operation, blocks until its end and decodes only the picked properties of the reply. */
  doSync<Op extends DoName<Family>, Name extends PropertyOf<DoReply<Family, Op>>>(
    op: Op,
    request: DoRequest<Family, Op>,
    options: SyncDoOptions & PickOption<Name>,
  ): PickedRow<DoReply<Family, Op>, Name>;
  doSync(op: string, request: unknown = {}, { timeout, ...options }: SyncDoOptions & Partial<PickOption<string>> = {}): unknown {
    return this.#waitFor(op, (client) => client.do(op as never, request as never, options), timeout).at(-1);
  }

  /**
   * Returns a whole table and blocks until it is read; for start-up code. See {@link NetlinkSocket.requestSync}.
   *
   * @throws The error with which `list()` would end.
   */
  listSync<Op extends DumpName<Family>>(op: Op, request?: DumpRequest<Family, Op>, options?: SyncListOptions): DumpReply<Family, Op>[];
  /** Returns a whole table, blocks until it is read and decodes only the picked properties of each row. */
  listSync<Op extends DumpName<Family>, Name extends PropertyOf<DumpReply<Family, Op>>>(
    op: Op,
    request: DumpRequest<Family, Op>,
    options: SyncListOptions & PickOption<Name>,
  ): PickedRow<DumpReply<Family, Op>, Name>[];
  listSync(op: string, request: unknown = {}, { timeout, ...options }: SyncListOptions & Partial<PickOption<string>> = {}): unknown[] {
    return this.#waitFor(op, (client) => client.list(op as never, request as never, options), timeout).flat();
  }

  /**
   * Emits the unsolicited messages of one or more multicast groups; joins on subscribe.
   *
   * @param groups - The kernel's names.
   * @throws `OverrunError` as the error signal, if the kernel dropped messages; {@link FamilyNotFoundError} if the kernel
   * lacks the family or a group.
   */
  notifications<Group extends GroupName<Family>>(...groups: Group[]): Observable<NotificationIn<Family, Group>>;
  /** Emits unsolicited messages and decodes only the picked properties; the option follows the groups. */
  notifications<Group extends GroupName<Family>, Name extends PropertyOf<NotificationIn<Family, Group>['value']>>(
    ...groupsAndPick: [...groups: Group[], options: PickOption<Name>]
  ): Observable<PickedNotificationIn<Family, Group, Name>>;
  notifications(...groupsAndPick: (string | PickOption<string>)[]): Observable<FamilyNotification> {
    const last = groupsAndPick.at(-1);
    const pick = typeof last === 'object' ? last.pick : undefined;
    const groups = (pick === undefined ? groupsAndPick : groupsAndPick.slice(0, -1)) as string[];
    const listener = this.eventSocket;
    return this.endWithClient(familyNotifications(listener, this.schema, new ValueDecoder(this.schema, listener), groups, pick));
  }

  /**
   * Emits the values of an event that the kernel sends to the socket of the requests itself: the packets of a queue.
   *
   * Subscribe before the request that asks the kernel for the events. Answer an event with `send`.
   *
   * @param op - The kernel's name.
   * @throws `OverrunError` as the error signal, if the kernel dropped messages; {@link FamilyNotFoundError} if it lacks the family.
   */
  events<Op extends EventName<Family>>(op: Op): Observable<EventOf<Family, Op>>;
  /** Emits the values of an event and decodes only the picked properties of each. */
  events<Op extends EventName<Family>, Name extends PropertyOf<EventOf<Family, Op>>>(
    op: Op,
    options: PickOption<Name>,
  ): Observable<PickedRow<EventOf<Family, Op>, Name>>;
  events(op: string, { pick }: Partial<PickOption<string>> = {}): Observable<unknown> {
    return familyEvents(this.socket, this.schema, new ValueDecoder(this.schema, this.socket), op, pick);
  }

  /**
   * Sends an operation at once, without an ack: the cheapest way to answer an event.
   *
   * The socket must be open, e.g. for a subscriber of `events`. The kernel answers with an error or not at
   * all: see {@link FamilyClient.sendErrors}.
   *
   * @throws `EncodeError` if the request cannot be encoded; {@link SocketClosedError} if the socket is closed.
   */
  send<Op extends DoName<Family>>(op: Op, request?: DoRequest<Family, Op>, options?: OperationFlags): void;
  /** Sends operations in one datagram. */
  send(operations: readonly FamilyOperation<Family>[]): void;
  send(opOrList: string | readonly object[], request: unknown = {}, options: OperationFlags = {}): void {
    const steps = typeof opOrList === 'string' ? [{ op: opOrList, request, options }] : opOrList;
    checkArray('send: operations', steps);
    const { name, generic } = this.schema;
    const id = generic === undefined ? undefined : genericFamilies(this.socket).idOf(name);
    const messages = encodeSends(this.schema, steps as readonly TransactionStep[], id);
    if (generic !== undefined && id === undefined)
      throw new FamilyNotFoundError(name, 'send() does not look it up; subscribe to events() or run do() first');
    this.socket.post(messages);
  }

  /**
   * Emits the errors of requests that `send` sent and the kernel rejected.
   *
   * @throws `OverrunError` as the error signal, if the kernel dropped messages: errors may be among them.
   */
  sendErrors(): Observable<KernelError> {
    return familySendErrors(this.socket, this.schema);
  }

  /**
   * Runs operations that succeed or fail together; only nfnetlink families have transactions.
   *
   * Emits the echoes of the operations with option `echo`, then completes.
   *
   * @throws {@link KernelError} as the error signal, for the first operation that the kernel rejects: nothing was changed.
   * `StaleGenerationError` if the tables have another generation than the option `generation`.
   */
  transaction(operations: readonly FamilyOperation<Family>[], options: FamilyTransactionOptions = {}): Observable<FamilyNotification> {
    checkArray('transaction: operations', operations);
    checkTransactionOptions(options);
    const steps = operations.map(({ op, request, options: flags }) => ({
      op,
      request: request as object,
      ...omitUndefined({ options: flags }),
    }));
    return this.#transact(steps, undefined, options);
  }

  /**
   * Runs many operations, one after the other, in as few datagrams as possible: by far the fastest way to write a table.
   *
   * Emits the outcome of each, in order. An operation that the kernel rejects does not stop the others unless `stopOnError` is true,
   * and nothing is rolled back.
   *
   * @param operations - Read one by one as the socket needs them: a generator is possible.
   * @throws `EncodeError` as the error signal, if an operation cannot be encoded: its path begins with the index. The
   * operations before it in the same datagram are not sent.
   */
  batch(operations: Iterable<FamilyOperation<Family>>, options: BatchOptions = {}): Observable<FamilyBatchResult<Family>> {
    checkIterable('batch: operations', operations);
    checkBatchOptions(options);
    const decoder = new ValueDecoder(this.schema, this.socket);
    const steps = operations as Iterable<TransactionStep>;
    return runBatch(this.socket, this.schema, decoder, steps, options) as Observable<FamilyBatchResult<Family>>;
  }

  /**
   * Closes the sockets that the client opened; streams on them end with {@link SocketClosedError}, and so do the client's own
   * notifications on a shared socket.
   */
  close(): void {
    this.#closed = true;
    for (const stream of this.#streams) stream.error(new SocketClosedError('closed'));
    if (this.#owned) this.socket.close();
  }

  /** Closes the sockets that the client opened, as `close` does; `using` calls it. */
  [Symbol.dispose](): void {
    this.close();
  }

  /** Runs a function with a client on a blocking socket. */
  #waitFor<T>(op: string, run: (client: FamilyClient<Family>) => Observable<T>, timeout: number | undefined): T[] {
    const families = genericFamilies(this.socket);
    return this.socket.waitFor(
      (socket) => {
        const own = genericFamilies(socket);
        own.adopt(families);
        return run(new FamilyClient(this.schema, socket, this.#filters)).pipe(finalize(() => families.adopt(own)));
      },
      op,
      timeout,
    );
  }

  #commandOf(notification: string): number | undefined {
    return this.schema.operations.find(({ name }) => name === notification)?.command;
  }

  /** Sends an operation that nfnetlink accepts in transactions only as a transaction of one. */
  #doInTransaction(op: string, request: object, options: DoOptions & Partial<PickOption<string>>): Observable<object> {
    requestFlags(options);
    const { pick, timeout, signal, ack: _implicit, ordered: _implied, ...flags } = options;
    const codec = operationCodec(this.schema, op);
    if (pick !== undefined) codec.pick(pick);
    const treatment = { operation: op, ...omitUndefined({ timeout, signal }) };
    checkRequestOptions(treatment);
    return this.#transact([{ op, request, options: flags }], pick, treatment).pipe(
      // The echo also contains the new generation: only messages of the operation's own number are its reply.
      filter((echo) => this.#commandOf(echo.op) === codec.operation.do?.request),
      map(({ value }) => value as object),
    );
  }

  #transact(
    steps: readonly TransactionStep[],
    pick?: readonly string[],
    options?: FamilyTransactionOptions & TransactionOptions,
  ): Observable<FamilyNotification> {
    const decode = notificationDecoder(new ValueDecoder(this.schema, this.socket), this.schema, undefined, pick);
    return runTransaction(this.socket, this.schema, steps, options).pipe(decodeNotifications(decode));
  }

  #describeOn(socket: NetlinkSocket): void {
    socket.describeWith(familyDescriber(this.schema, socket));
  }

  /** The socket for notifications, which all clients of {@link FamilyClient.socket} share; created at the first access. */
  protected get eventSocket(): NetlinkSocket {
    const listener = this.socket.eventSibling;
    if (!this.#describesEvents) {
      this.#describesEvents = true;
      this.#describeOn(listener);
    }
    return listener;
  }

  /** Ends a stream when the client closes. Emissions pass no further layer: a storm has very many. @internal */
  protected endWithClient<T>(stream: Observable<T>): Observable<T> {
    return new Observable((subscriber) => {
      if (this.#closed) {
        subscriber.error(new SocketClosedError('closed'));
        return;
      }
      this.#streams = this.#streams.concat(subscriber);
      subscriber.add(() => (this.#streams = this.#streams.filter((one) => one !== subscriber)));
      stream.subscribe(subscriber);
    });
  }
}
