import type { Subscriber } from 'rxjs';
import { type NetlinkError, SocketClosedError } from '../../errors/index.js';
import { isDumpRequest, requestCost, type DatagramEntries, type PendingRequest } from '../../exchange/index.js';
import { Protocol, type Message, type MessageInit } from '../../wire/index.js';
import { checkHeader, encodedSize } from '../../wire/internal.js';
import { checkOptionNames } from '../../check/index.js';
import { checkMessage } from '../request/check-message.js';
import { operationName } from '../request/operation-name.js';
import type { RequestObserver } from '../request/request-observer.js';
import type { Session } from './session.js';

/** The outcome of one request of a batch. @public */
export type BatchResult =
  | {
      /** The index of the request in the batch, from 0. */
      readonly index: number;
      /** The replies; mostly none, because the ack is not one. */
      readonly replies: readonly Message[];
    }
  | { readonly index: number; readonly error: NetlinkError };

/** Options of a batch. @public */
export interface BatchOptions {
  /**
   * Completes after the first request that fails. The kernel has carried out the others of its datagram: their results are emitted as well.
   * Later requests are not sent.
   * @defaultValue false
   */
  readonly stopOnError?: boolean;
}

/** Tests whether an error means that the kernel has rejected a request; the acks of some operations have the number of a new object. @internal */
export type IsFailure = (index: number, error: NetlinkError) => boolean;

const OPTIONS: ReadonlySet<string> = new Set<keyof BatchOptions>(['stopOnError']);

/** @throws TypeError if an option of a batch is not valid. @internal */
export function checkBatchOptions(options: BatchOptions): void {
  checkOptionNames('batch', options, OPTIONS);
  const { stopOnError } = options as { readonly stopOnError?: unknown };
  if (stopOnError !== undefined && typeof stopOnError !== 'boolean')
    throw new TypeError(`batch: option stopOnError must be a boolean, not ${typeof stopOnError}`);
}

/** The largest datagram of a batch in bytes; the kernel allocates about as much memory for it. */
const DATAGRAM_LIMIT = 1 << 16;

// NFNL_MSG_BATCH_BEGIN, NFNL_MSG_BATCH_END (uapi/linux/netfilter/nfnetlink.h)
const TRANSACTION_TYPES: readonly number[] = [16, 17];

/** Protocols whose kernel side reads only the first message of a datagram. */
const ONE_PER_DATAGRAM: ReadonlySet<number> = new Set([Protocol.Connector, Protocol.FibLookup]);

const NONE: readonly Message[] = [];

/** The requests of a batch that share one datagram, and their outcomes. It observes the last of them. */
class BatchDatagram implements DatagramEntries<RequestObserver>, RequestObserver {
  readonly inits: MessageInit[] = [];
  cost = 0;
  /** The index of the first request in the batch. */
  readonly #first: number;
  readonly #batch: Batch;
  /** The replies and errors by index; most requests have neither. */
  readonly #replies = new Map<number, Message[]>();
  readonly #errors = new Map<number, NetlinkError>();

  constructor(first: number, batch: Batch) {
    this.#first = first;
    this.#batch = batch;
  }

  operation(index: number): string {
    return operationName(this.#batch.protocol, this.inits[index]!.type);
  }

  context(index: number): RequestObserver {
    if (index === this.inits.length - 1) return this;
    return {
      sent: ignore,
      requeued: ignore,
      next: (message) => this.#reply(index, message),
      complete: ignore,
      error: (error) => void this.#errors.set(index, error),
    };
  }

  sent(): void {}

  requeued(): void {}

  next(message: Message): void {
    this.#reply(this.inits.length - 1, message);
  }

  complete(): void {
    this.#batch.ended(this);
  }

  error(error: NetlinkError): void {
    // The last request of a datagram reports the closed socket for all of them.
    if (error instanceof SocketClosedError) {
      this.#batch.fail(error);
      return;
    }
    this.#errors.set(this.inits.length - 1, error);
    this.#batch.ended(this);
  }

  /** Returns true if the kernel has rejected a request. */
  failed(isFailure: IsFailure): boolean {
    return [...this.#errors].some(([index, error]) => isFailure(this.#first + index, error));
  }

  result(index: number): BatchResult {
    const error = this.#errors.get(index);
    if (error !== undefined) return { index: this.#first + index, error };
    return { index: this.#first + index, replies: this.#replies.get(index) ?? NONE };
  }

  #reply(index: number, message: Message): void {
    const replies = this.#replies.get(index);
    if (replies === undefined) this.#replies.set(index, [message]);
    else replies.push(message);
  }
}

/** The options of a batch, and which of its errors stop it. */
type InternalOptions = BatchOptions & { readonly isFailure?: IsFailure | undefined };

/** Sends the requests of a batch, one datagram after the other. */
class Batch {
  readonly protocol: number;
  readonly #session: Session;
  readonly #subscriber: Subscriber<BatchResult>;
  readonly #messages: Iterator<MessageInit>;
  readonly #byteLimit: number;
  readonly #stopOnError: boolean;
  readonly #isFailure: IsFailure;
  #taking = false;
  #held: MessageInit | undefined;
  #pending: PendingRequest<RequestObserver> | undefined;
  #index = 0;

  constructor(
    session: Session,
    protocol: number,
    messages: Iterable<MessageInit>,
    { stopOnError = false, isFailure = () => true }: InternalOptions,
    subscriber: Subscriber<BatchResult>,
  ) {
    this.protocol = protocol;
    this.#session = session;
    this.#subscriber = subscriber;
    this.#messages = messages[Symbol.iterator]();
    this.#stopOnError = stopOnError;
    this.#isFailure = isFailure;
    this.#byteLimit = Math.min(DATAGRAM_LIMIT, session.connection.getBufferSize('send') - 32);
  }

  /** Emits the outcome of each request of a datagram, then sends the next datagram. */
  ended(datagram: BatchDatagram): void {
    const subscriber = this.#subscriber;
    const isLast = this.#stopOnError && datagram.failed(this.#isFailure);
    for (let index = 0; index < datagram.inits.length && !subscriber.closed; index++) subscriber.next(datagram.result(index));
    // The subscription's end closes the iterator.
    if (isLast) subscriber.complete();
    else this.sendNext();
  }

  /** Ends the batch with an error: the socket is closed. */
  fail(error: SocketClosedError): void {
    this.#subscriber.error(error);
  }

  /** Sends the next datagram, if there is one. All of its errors fit into the receive queue. */
  sendNext(): void {
    if (this.#subscriber.closed) return;
    try {
      const datagram = this.#collect();
      // The iterator of the caller may have unsubscribed.
      if (this.#subscriber.closed) this.#messages.return?.();
      else if (datagram.inits.length === 0) this.#subscriber.complete();
      else this.#submit(datagram);
    } catch (error) {
      this.#subscriber.error(error);
    }
  }

  #submit(datagram: BatchDatagram): void {
    const before = this.#pending;
    const last = this.#session.submitDatagram(datagram);
    // If it was answered at once, the next datagram is pending already.
    if (this.#pending === before) this.#pending = last;
  }

  /** Cancels the requests that were not sent yet. */
  cancel(): void {
    if (this.#pending !== undefined) this.#session.cancel(this.#pending, false);
    // `return()` of a running generator throws.
    if (!this.#taking) this.#messages.return?.();
  }

  #collect(): BatchDatagram {
    const datagram = new BatchDatagram(this.#index, this);
    const { inits } = datagram;
    const { window } = this.#session.exchange;
    let bytes = 0;
    for (let init = this.#take(); init !== undefined; init = this.#take()) {
      const size = encodedSize(init);
      const cost = requestCost(this.protocol, init, size);
      bytes += size;
      if (inits.length > 0 && (bytes > this.#byteLimit || datagram.cost + cost > window || ONE_PER_DATAGRAM.has(this.protocol))) {
        this.#held = init;
        break;
      }
      inits.push(init);
      datagram.cost += cost;
      this.#index++;
    }
    return datagram;
  }

  #take(): MessageInit | undefined {
    const held = this.#held;
    this.#held = undefined;
    if (held !== undefined) return held;
    if (this.#subscriber.closed) return undefined;
    const next = this.#takeNext();
    if (next.done === true) return undefined;
    this.#check(next.value);
    return next.value;
  }

  #takeNext(): IteratorResult<MessageInit> {
    this.#taking = true;
    try {
      return this.#messages.next();
    } finally {
      this.#taking = false;
    }
  }

  #check(message: MessageInit): void {
    checkMessage('batch', message, this.#index);
    const { type, flags = 0, sequence = 0, portId = 0 } = message;
    // Checked here: an error while the datagram is encoded would fail all of its requests.
    checkHeader(type, flags, sequence, portId, () => `[${this.#index}]`);
    if (isDumpRequest(this.protocol, type, flags)) {
      const operation = operationName(this.protocol, type);
      throw new TypeError(`batch: message ${this.#index} (${operation}) is a dump; send it with request()`);
    }
    if (this.protocol === Protocol.Netfilter && TRANSACTION_TYPES.includes(type)) {
      throw new TypeError(
        `batch: message ${this.#index} begins or ends an nfnetlink transaction; send it with transaction() of the family's client`,
      );
    }
  }
}

function ignore(): void {}

/** Sends a batch for a subscriber. @internal */
export function batchRequests(
  session: Session,
  protocol: number,
  messages: Iterable<MessageInit>,
  options: InternalOptions,
  subscriber: Subscriber<BatchResult>,
): void {
  const batch = new Batch(session, protocol, messages, options, subscriber);
  subscriber.add(() => batch.cancel());
  batch.sendNext();
}
