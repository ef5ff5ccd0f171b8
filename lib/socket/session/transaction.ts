import type { Subscriber } from 'rxjs';
import type { NetlinkError } from '../../errors/index.js';
import type { DatagramEntries } from '../../exchange/index.js';
import { MessageFlags, type Message, type MessageInit } from '../../wire/index.js';
import { encodedSize } from '../../wire/internal.js';
import { abortWith } from './abort.js';
import { checkArray, checkOptionNames } from '../../check/index.js';
import { checkMessage } from './check-message.js';
import type { Waiter } from './dispatcher.js';
import { operationName } from './operation-name.js';
import { RequestObserver } from './request-observer.js';
import { checkRequestOptions, type RequestOptions } from './request-options.js';
import type { Session } from './session.js';

/** One message of a transaction. @public */
export interface TransactionMessage extends MessageInit {
  /** How errors call it; what the type says where left out. */
  readonly operation?: string;
}

/** How to treat a transaction; `timeout` counts from sending to the end. @public */
export type TransactionOptions = Pick<RequestOptions, 'timeout' | 'signal' | 'operation'>;

const KNOWN: ReadonlySet<string> = new Set<keyof TransactionOptions>(['timeout', 'signal', 'operation']);

/** @throws TypeError, RangeError if they cannot be sent, or an option is wrong. @internal */
export function checkTransaction(messages: readonly TransactionMessage[], options: TransactionOptions): void {
  checkArray('transact: messages', messages);
  for (const [index, message] of messages.entries()) checkMessage('transact', message, index);
  checkOptionNames('transact', options, KNOWN);
  checkRequestOptions(options);
}

/** What the kernel keeps of the send buffer for itself, in bytes. */
const SEND_OVERHEAD = 32;

/**
 * Collects what becomes of the messages of a transaction.
 *
 * The kernel acks what is fine even where it rolls it back for the sake of another, so nothing is a success before all is
 * known: when the queue has run empty. It carries a transaction out, and answers, inside the one `sendmsg`.
 */
class TransactionWaiter {
  readonly #observer: RequestObserver;
  readonly #replies: Message[] = [];
  #error: NetlinkError | undefined;

  constructor(observer: RequestObserver) {
    this.#observer = observer;
  }

  /** One for each message; that of the last settles the transaction. */
  waiter(isLast: boolean): Waiter {
    return {
      sent: () => {
        if (isLast) this.#observer.sent();
      },
      waiting: () => undefined,
      next: (message) => void this.#replies.push(message),
      complete: () => {
        if (isLast) this.#settle();
      },
      error: (error) => {
        this.#error ??= error;
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

/** Runs a transaction for a subscriber. @internal */
export function transactRequests(
  session: Session,
  protocol: number,
  messages: readonly TransactionMessage[],
  { timeout, signal, operation = 'transaction' }: TransactionOptions,
  subscriber: Subscriber<Message>,
): void {
  if (!abortWith(signal, subscriber)) return;
  const last = messages.length - 1;
  // Whatever the kernel does, this brings at least one message: the ack, an error, or that of the begin.
  const inits = messages.map((message, index) =>
    index === last - 1 ? { ...message, flags: (message.flags ?? 0) | MessageFlags.Ack } : message,
  );
  const observer = new RequestObserver(subscriber, operation, timeout, (isEnough) => session.catchUp(isEnough));
  const transaction = new TransactionWaiter(observer);
  const entries: DatagramEntries<Waiter> = {
    inits,
    operation: (index) => messages[index]!.operation ?? operationName(protocol, messages[index]!.type),
    context: (index) => transaction.waiter(index === last),
  };
  try {
    makeRoom(session, inits);
    const pending = session.submitDatagram(entries, 'drained');
    if (observer.ended) return;
    subscriber.add(() => {
      if (!observer.ended) session.cancel(pending, observer.late);
    });
  } catch (error) {
    subscriber.error(error);
  }
}

/** A transaction cannot be split: the send buffer has to hold it. */
function makeRoom({ connection }: Session, inits: readonly MessageInit[]): void {
  const size = inits.reduce((sum, init) => sum + encodedSize(init), 0) + SEND_OVERHEAD;
  if (size > connection.getBufferSize('send')) connection.setBufferSize('send', size);
}
