import { asyncScheduler, type Subscriber, type SchedulerAction } from 'rxjs';
import { TimeoutError, type NetlinkError } from '../errors/index.js';
import type { Message } from '../wire/index.js';
import type { Waiter } from './dispatcher.js';

/** The longest that a timer can wait, in milliseconds; of anything more it makes 1. */
const LONGEST = 0x7fff_ffff;

/**
 * Stands between a pending request and whoever subscribed to it: hands replies on, keeps the time.
 *
 * @internal
 */
export class RequestObserver implements Waiter {
  /** True once the time was up. */
  late = false;
  /** True once the request has ended by itself. */
  ended = false;
  readonly #subscriber: Subscriber<Message>;
  readonly #operation: string;
  readonly #timeout: number | undefined;
  #deadline = 0;
  #waiting = false;
  #timed = false;

  constructor(subscriber: Subscriber<Message>, operation: string, timeout: number | undefined) {
    this.#subscriber = subscriber;
    this.#operation = operation;
    this.#timeout = timeout === Infinity ? undefined : timeout;
  }

  waiting(): void {
    this.#waiting = true;
  }

  sent(): void {
    this.#waiting = false;
    if (this.#timeout === undefined || this.#subscriber.closed) return;
    this.#extend(this.#timeout);
    if (this.#timed) return;
    this.#timed = true;
    const expire = this.#expire.bind(this);
    this.#subscriber.add(
      asyncScheduler.schedule(
        function (this: SchedulerAction<void>) {
          const rest = expire();
          if (rest > 0) this.schedule(undefined, Math.min(rest, LONGEST));
        },
        Math.min(this.#timeout, LONGEST),
      ),
    );
  }

  next(message: Message): void {
    if (this.#timeout !== undefined) this.#extend(this.#timeout);
    this.#subscriber.next(message);
  }

  complete(): void {
    this.ended = true;
    this.#subscriber.complete();
  }

  error(error: NetlinkError): void {
    this.ended = true;
    this.#subscriber.error(error);
  }

  #extend(timeout: number): void {
    this.#deadline = asyncScheduler.now() + timeout;
  }

  /** Returns how long there still is, or 0 after ending the request: one timer serves all replies of a dump. */
  #expire(): number {
    // Time in the queue does not count: look again later.
    const rest = this.#waiting ? (this.#timeout as number) : this.#deadline - asyncScheduler.now();
    if (rest <= 0) {
      this.late = true;
      this.#subscriber.error(new TimeoutError(this.#operation, this.#timeout as number));
    }
    return rest;
  }
}
