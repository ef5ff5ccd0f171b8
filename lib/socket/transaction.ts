import type { Subscriber } from 'rxjs';
import type { NetlinkError } from '../errors/index.js';
import type { DatagramEntries } from '../exchange/index.js';
import { MessageFlags, encodedSize, type Message, type MessageInit } from '../wire/index.js';
import type { Waiter } from './dispatcher.js';
import { operationName } from './operation-name.js';
import type { Session } from './session.js';

/** One message of a transaction. @public */
export interface TransactionMessage extends MessageInit {
  /** How errors call it; what the type says where left out. */
  readonly operation?: string;
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
  readonly #subscriber: Subscriber<Message>;
  readonly #replies: Message[] = [];
  #error: NetlinkError | undefined;

  constructor(subscriber: Subscriber<Message>) {
    this.#subscriber = subscriber;
  }

  /** One for each message; that of the last settles the transaction. */
  waiter(isLast: boolean): Waiter {
    return {
      sent: () => undefined,
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
      this.#subscriber.error(this.#error);
      return;
    }
    for (const reply of this.#replies) this.#subscriber.next(reply);
    this.#subscriber.complete();
  }
}

/** Runs a transaction for a subscriber. @internal */
export function transactRequests(
  session: Session,
  protocol: number,
  messages: readonly TransactionMessage[],
  subscriber: Subscriber<Message>,
): void {
  const last = messages.length - 1;
  // Whatever the kernel does, this brings at least one message: the ack, an error, or that of the begin.
  const inits = messages.map((message, index) =>
    index === last - 1 ? { ...message, flags: (message.flags ?? 0) | MessageFlags.Ack } : message,
  );
  const transaction = new TransactionWaiter(subscriber);
  const entries: DatagramEntries<Waiter> = {
    inits,
    operation: (index) => messages[index]!.operation ?? operationName(protocol, messages[index]!.type),
    context: (index) => transaction.waiter(index === last),
  };
  try {
    makeRoom(session, inits);
    const pending = session.submitDatagram(entries, 'drained');
    subscriber.add(() => session.cancel(pending, false));
  } catch (error) {
    subscriber.error(error);
  }
}

/** A transaction cannot be split: the send buffer has to hold it. */
function makeRoom({ connection }: Session, inits: readonly MessageInit[]): void {
  const size = inits.reduce((sum, init) => sum + encodedSize(init), 0) + SEND_OVERHEAD;
  if (size > connection.getBufferSize('send')) connection.setBufferSize('send', size);
}
