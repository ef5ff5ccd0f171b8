import { Subscription, type Observable } from 'rxjs';
import { OverrunError } from '../errors/index.js';
import type { Message } from '../wire/index.js';
import type { SocketLifecycle } from './lifecycle.js';
import { Queue } from './queue.js';

/** The number of messages that an iterator buffers while a request keeps the socket reading. */
const LIMIT = 1 << 16;

type Result = IteratorResult<Message, undefined>;

/**
 * Emits messages at the pace of the loop that reads them.
 *
 * While the iterator has unread messages, the socket does not read, and the kernel's receive queue buffers. A request in flight
 * keeps the socket reading; the iterator then buffers messages itself, up to a limit.
 */
class MessageIterator implements AsyncIterableIterator<Message, undefined> {
  readonly #source: Observable<Message>;
  readonly #lifecycle: SocketLifecycle;
  readonly #waiting: { resolve: (result: Result) => void; reject: (error: unknown) => void }[] = [];
  readonly #messages = new Queue<Message>();
  #subscription: Subscription | undefined;
  #ended = false;
  #failure: { error: unknown } | undefined;

  constructor(source: Observable<Message>, lifecycle: SocketLifecycle) {
    this.#source = source;
    this.#lifecycle = lifecycle;
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  next(): Promise<Result> {
    this.#subscribe();
    const message = this.#messages.shift();
    if (this.#messages.size === 0) this.#setSlow(false);
    if (message !== undefined) return Promise.resolve({ done: false, value: message });
    if (this.#failure !== undefined) {
      const { error } = this.#failure;
      this.#failure = undefined;
      return Promise.reject(error);
    }
    if (this.#ended) return Promise.resolve({ done: true, value: undefined });
    return new Promise((resolve, reject) => this.#waiting.push({ resolve, reject }));
  }

  return(): Promise<Result> {
    this.#ended = true;
    this.#messages.clear();
    this.#setSlow(false);
    this.#subscription?.unsubscribe();
    for (const { resolve } of this.#waiting.splice(0)) resolve({ done: true, value: undefined });
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
    const reader = this.#waiting.shift();
    if (reader !== undefined) {
      reader.resolve({ done: false, value: message });
      return;
    }
    this.#messages.push(message);
    if (this.#messages.size === 1) this.#setSlow(true);
    if (this.#messages.size > LIMIT) {
      this.#subscription?.unsubscribe();
      this.#fail(new OverrunError(0, `ENOBUFS iterate: more than ${LIMIT} messages arrived while a request kept the socket reading`));
    }
  }

  #fail(error: unknown): void {
    this.#ended = true;
    this.#setSlow(false);
    const reader = this.#waiting.shift();
    if (reader === undefined) this.#failure = { error };
    else reader.reject(error);
    for (const { resolve } of this.#waiting.splice(0)) resolve({ done: true, value: undefined });
  }

  #setSlow(isSlow: boolean): void {
    this.#lifecycle.session?.setSlowReader(this, isSlow);
  }
}

/** Iterates a socket's messages with back-pressure. @internal */
export function iterateSocket(source: Observable<Message>, lifecycle: SocketLifecycle): AsyncIterableIterator<Message, undefined> {
  return new MessageIterator(source, lifecycle);
}
