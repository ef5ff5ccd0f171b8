import { Subscription, type Observable } from 'rxjs';
import { OverrunError } from '../errors/index.js';
import type { Message } from '../wire/index.js';
import type { Session } from './session/session.js';

/** How many messages an iterator keeps while a request needs the socket to be read. */
const LIMIT = 1 << 16;

/** After how many messages that were handed on the room for them is given back. */
const COMPACT_AFTER = 1 << 12;

type Result = IteratorResult<Message, undefined>;

/**
 * Messages at the pace of whoever asks for them.
 *
 * While some are still to be asked for, reading rests and the kernel's queue is the buffer. A request in flight keeps the
 * socket reading; what comes meanwhile is kept here, up to a bound.
 */
class MessageIterator implements AsyncIterableIterator<Message, undefined> {
  readonly #source: Observable<Message>;
  readonly #session: () => Session | undefined;
  readonly #asked: { resolve: (result: Result) => void; reject: (error: unknown) => void }[] = [];
  #messages: Message[] = [];
  /** Where in `#messages` the next one is: `shift()` of a long array moves all of it. */
  #head = 0;
  #subscription: Subscription | undefined;
  #ended = false;
  #failure: { error: unknown } | undefined;

  constructor(source: Observable<Message>, session: () => Session | undefined) {
    this.#source = source;
    this.#session = session;
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  next(): Promise<Result> {
    this.#subscribe();
    const message = this.#shift();
    if (this.#messages.length === 0) this.#session()?.setResting(this, false);
    if (message !== undefined) return Promise.resolve({ done: false, value: message });
    if (this.#failure !== undefined) {
      const { error } = this.#failure;
      this.#failure = undefined;
      return Promise.reject(error);
    }
    if (this.#ended) return Promise.resolve({ done: true, value: undefined });
    return new Promise((resolve, reject) => this.#asked.push({ resolve, reject }));
  }

  return(): Promise<Result> {
    this.#ended = true;
    this.#messages = [];
    this.#head = 0;
    this.#session()?.setResting(this, false);
    this.#subscription?.unsubscribe();
    for (const { resolve } of this.#asked.splice(0)) resolve({ done: true, value: undefined });
    return Promise.resolve({ done: true, value: undefined });
  }

  #subscribe(): void {
    if (this.#subscription !== undefined || this.#ended) return;
    this.#subscription = new Subscription();
    this.#subscription.add(
      this.#source.subscribe({ next: (message) => this.#take(message), error: (error: unknown) => this.#fail(error) }),
    );
  }

  #take(message: Message): void {
    const asked = this.#asked.shift();
    if (asked !== undefined) {
      asked.resolve({ done: false, value: message });
      return;
    }
    this.#messages.push(message);
    if (this.#messages.length === 1) this.#session()?.setResting(this, true);
    if (this.#messages.length - this.#head > LIMIT) {
      this.#subscription?.unsubscribe();
      this.#fail(new OverrunError(0, `ENOBUFS iterate: more than ${LIMIT} messages came while a request kept the socket reading`));
    }
  }

  #shift(): Message | undefined {
    const message = this.#messages[this.#head];
    if (message === undefined) return undefined;
    this.#head++;
    if (this.#head === this.#messages.length || this.#head === COMPACT_AFTER) {
      this.#messages = this.#messages.slice(this.#head);
      this.#head = 0;
    }
    return message;
  }

  #fail(error: unknown): void {
    this.#ended = true;
    this.#session()?.setResting(this, false);
    const asked = this.#asked.shift();
    if (asked === undefined) this.#failure = { error };
    else asked.reject(error);
    for (const { resolve } of this.#asked.splice(0)) resolve({ done: true, value: undefined });
  }
}

/** Iterates a socket's messages with back-pressure. @internal */
export function iterateSocket(source: Observable<Message>, session: () => Session | undefined): AsyncIterableIterator<Message, undefined> {
  return new MessageIterator(source, session);
}
