import type { Subscriber } from 'rxjs';
import type { NetlinkError } from '../../errors/index.js';
import type { DatagramEntries } from '../../exchange/index.js';
import { MessageFlags, type Message, type MessageInit } from '../../wire/index.js';
import { encodedSize } from '../../wire/internal.js';
import { abortWith } from '../request/abort.js';
import { checkArray, checkOptionNames } from '../../check/index.js';
import { checkMessage } from '../request/check-message.js';
import { operationName } from '../request/operation-name.js';
import type { RequestObserver } from '../request/request-observer.js';
import { checkRequestValues, type RequestOptions } from '../request/request-options.js';
import type { Session } from './session.js';
import { TimedRequestObserver } from '../request/timed-request-observer.js';

/** One message of a transaction. @public */
export interface TransactionMessage extends MessageInit {
  /** The name of the message in errors; the name of its type if omitted. */
  readonly operation?: string;
}

/** The options of a transaction; `timeout` counts from sending to the end. @public */
export type TransactionOptions = Pick<RequestOptions, 'timeout' | 'signal' | 'operation'>;

const KNOWN: ReadonlySet<string> = new Set<keyof TransactionOptions>(['timeout', 'signal', 'operation']);

/** @throws TypeError, RangeError if a message or an option is not valid. @internal */
export function checkTransaction(messages: readonly TransactionMessage[], options: TransactionOptions): void {
  checkArray('transact: messages', messages);
  for (const [index, message] of messages.entries()) checkMessage('transact', message, index);
  checkOptionNames('transact', options, KNOWN);
  checkRequestValues(options);
}

/** NFNL_MSG_BATCH_END */
const BATCH_END = 17;

/** The positions of rejected messages in their transactions. @internal */
export const rejectedPositions: WeakMap<object, number> = new WeakMap<object, number>();

/** The bytes of the send buffer that the kernel reserves for itself. */
const SEND_OVERHEAD = 32;

/**
 * Collects the outcomes of the messages of a transaction.
 *
 * The kernel carries out a transaction, and replies, within one `sendmsg`. It acknowledges a valid message even if it rolls the
 * message back because of another one. So the outcome is known only when the receive queue is empty.
 */
class TransactionOutcome {
  readonly #observer: RequestObserver;
  readonly #replies: Message[] = [];
  #error: NetlinkError | undefined;

  constructor(observer: RequestObserver) {
    this.#observer = observer;
  }

  /** Returns the observer of one message; that of the last message ends the transaction. */
  observe(index: number, isLast: boolean): RequestObserver {
    return {
      sent: () => {
        if (isLast) this.#observer.sent();
      },
      requeued: () => undefined,
      next: (message) => void this.#replies.push(message),
      complete: () => {
        if (isLast) this.#settle();
      },
      error: (error) => {
        if (this.#error === undefined) rejectedPositions.set((this.#error = error), index);
        if (isLast) this.#settle();
      },
    };
  }

  #settle(): void {
    if (this.#error !== undefined) {
      this.#observer.error(this.#error);
      return;
    }
    for (const reply of this.#replies) this.#observer.next(reply);
    this.#observer.complete();
  }
}

/** Sends a transaction for a subscriber. @internal */
export function transactRequests(
  session: Session,
  protocol: number,
  messages: readonly TransactionMessage[],
  { timeout, signal, operation = 'transaction' }: TransactionOptions,
  subscriber: Subscriber<Message>,
): void {
  if (!abortWith(signal, subscriber)) return;
  const last = messages.length - 1;
  // The kernel then sends at least one message: the ack, an error, or the error of BATCH_BEGIN.
  const acked = messages[last]?.type === BATCH_END ? last - 1 : last;
  const inits = messages.map((message, index) =>
    index === acked ? { ...message, flags: (message.flags ?? 0) | MessageFlags.Ack } : message,
  );
  const observer = new TimedRequestObserver(subscriber, subscriber, session, operation, timeout);
  const outcome = new TransactionOutcome(observer);
  const entries: DatagramEntries<RequestObserver> = {
    inits,
    operation: (index) => messages[index]!.operation ?? operationName(protocol, messages[index]!.type),
    context: (index) => outcome.observe(index, index === last),
  };
  try {
    reserveSendBuffer(session, inits);
    observer.follow(session.submitDatagram(entries, 'drained'));
  } catch (error) {
    subscriber.error(error);
  }
}

/** Enlarges the send buffer if needed: it must hold the whole transaction. */
function reserveSendBuffer({ connection }: Session, inits: readonly MessageInit[]): void {
  const size = inits.reduce((sum, init) => sum + encodedSize(init), 0) + SEND_OVERHEAD;
  if (size > connection.getBufferSize('send')) connection.setBufferSize('send', size);
}
