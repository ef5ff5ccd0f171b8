import type { Subscriber } from 'rxjs';
import { type NetlinkError, SocketClosedError } from '../errors/index.js';
import { isDumpRequest, requestTraits, type PendingRequest } from '../exchange/index.js';
import { Protocol, encodedSize, type Message, type MessageInit } from '../wire/index.js';
import type { Waiter } from './dispatcher.js';
import { operationName } from './operation-name.js';
import type { Session } from './session.js';

/** The outcome of one request of a batch. @public */
export type BatchResult =
  | {
      /** Its place in what was given, from 0. */
      readonly index: number;
      /** What came back; mostly nothing but success. */
      readonly replies: readonly Message[];
    }
  | { readonly index: number; readonly error: NetlinkError };

/** The most that goes into one datagram, in bytes: what the kernel holds in memory for it is about that. */
const DATAGRAM_LIMIT = 1 << 16;

// NFNL_MSG_BATCH_BEGIN, NFNL_MSG_BATCH_END (uapi/linux/netfilter/nfnetlink.h)
const TRANSACTION_TYPES: readonly number[] = [16, 17];

/** Protocols that look at the first message of a datagram only. */
const ONE_A_DATAGRAM: ReadonlySet<number> = new Set([Protocol.Connector, Protocol.FibLookup]);

const NONE: readonly Message[] = [];

interface Entry {
  readonly init: MessageInit;
  readonly operation: string;
  readonly context: BatchWaiter;
}

/** One request of a batch. */
class BatchWaiter implements Waiter {
  readonly #index: number;
  readonly #batch: Batch;
  #replies: Message[] | undefined;

  constructor(index: number, batch: Batch) {
    this.#index = index;
    this.#batch = batch;
  }

  sent(): void {}

  waiting(): void {}

  next(message: Message): void {
    (this.#replies ??= []).push(message);
  }

  complete(): void {
    this.#batch.settled({ index: this.#index, replies: this.#replies ?? NONE });
  }

  error(error: NetlinkError): void {
    this.#batch.settled({ index: this.#index, error });
  }
}

/** Sends many requests, one datagram after the other. */
class Batch {
  readonly #session: Session;
  readonly #protocol: number;
  readonly #subscriber: Subscriber<BatchResult>;
  readonly #messages: Iterator<MessageInit>;
  readonly #byteLimit: number;
  #held: Entry | undefined;
  #pending: PendingRequest<Waiter> | undefined;
  #index = 0;
  #unsettled = 0;

  constructor(session: Session, protocol: number, messages: Iterable<MessageInit>, subscriber: Subscriber<BatchResult>) {
    this.#session = session;
    this.#protocol = protocol;
    this.#subscriber = subscriber;
    this.#messages = messages[Symbol.iterator]();
    this.#byteLimit = Math.min(DATAGRAM_LIMIT, session.connection.getBufferSize('send') - 32);
  }

  settled(result: BatchResult): void {
    this.#unsettled--;
    if ('error' in result && result.error instanceof SocketClosedError) this.#subscriber.error(result.error);
    else this.#subscriber.next(result);
    if (this.#unsettled === 0) this.sendNext();
  }

  /** Sends the next datagram, if there is one: all errors it may bring fit the receive queue. */
  sendNext(): void {
    if (this.#subscriber.closed) return;
    try {
      const entries = this.#collect();
      if (entries.length === 0) {
        this.#subscriber.complete();
        return;
      }
      this.#unsettled = entries.length;
      this.#pending = this.#session.submitDatagram(entries);
    } catch (error) {
      this.#subscriber.error(error);
    }
  }

  /** Takes back what was not sent yet. */
  cancel(): void {
    if (this.#pending !== undefined) this.#session.cancel(this.#pending, false);
    this.#messages.return?.();
  }

  #collect(): Entry[] {
    const entries: Entry[] = [];
    let bytes = 0;
    let cost = 0;
    for (let entry = this.#take(); entry !== undefined; entry = this.#take()) {
      bytes += encodedSize(entry.init);
      cost += requestTraits(this.#protocol, entry.init, { dump: false, operation: entry.operation }).cost;
      const full = bytes > this.#byteLimit || cost > this.#session.exchange.window || ONE_A_DATAGRAM.has(this.#protocol);
      if (entries.length > 0 && full) {
        this.#held = entry;
        break;
      }
      entries.push(entry);
    }
    return entries;
  }

  #take(): Entry | undefined {
    const held = this.#held;
    this.#held = undefined;
    if (held !== undefined) return held;
    const next = this.#messages.next();
    if (next.done === true) return undefined;
    const { type, flags = 0 } = next.value;
    const operation = operationName(this.#protocol, type);
    if (isDumpRequest(this.#protocol, type, flags))
      throw new TypeError(`batch: message ${this.#index} (${operation}) is a dump; use request()`);
    if (this.#protocol === Protocol.Netfilter && TRANSACTION_TYPES.includes(type)) {
      throw new TypeError(
        `batch: message ${this.#index} begins or ends an nfnetlink transaction; use transaction() of the family's client`,
      );
    }
    return { init: next.value, operation, context: new BatchWaiter(this.#index++, this) };
  }
}

/** Runs a batch for a subscriber. @internal */
export function batchRequests(
  session: Session,
  protocol: number,
  messages: Iterable<MessageInit>,
  subscriber: Subscriber<BatchResult>,
): void {
  const batch = new Batch(session, protocol, messages, subscriber);
  subscriber.add(() => batch.cancel());
  batch.sendNext();
}
