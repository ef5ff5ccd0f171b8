import { asyncScheduler, type Subscriber, type SchedulerAction } from 'rxjs';
import { TimeoutError, type NetlinkError } from '../../errors/index.js';
import type { Message } from '../../wire/index.js';
import type { Waiter } from './dispatcher.js';

/** The longest that a timer can wait, in milliseconds; of anything more it makes 1. */
const LONGEST = 0x7fff_ffff;

/** Reads what the kernel has queued, until that is enough; false if nothing can be read now. @internal */
export type CatchUp = (isEnough: () => boolean) => boolean;

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
  readonly #catchUp: CatchUp;
  #deadline = 0;
  #waiting = false;
  #timed = false;
  #replied = false;

  /** @param catchUp - Reads what is queued, before the time is declared up. */
  constructor(subscriber: Subscriber<Message>, operation: string, timeout: number | undefined, catchUp: CatchUp) {
    this.#subscriber = subscriber;
    this.#operation = operation;
    this.#timeout = timeout === Infinity ? undefined : timeout;
    this.#catchUp = catchUp;
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
    this.#replied = true;
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

  /** Returns how long there still is, or 0 after the request has ended: one timer serves all replies of a dump. */
  #expire(): number {
    const timeout = this.#timeout as number;
    const rest = this.#deadline - asyncScheduler.now();
    if (!this.#waiting && rest > 0) return rest;
    this.#replied = false;
    const isEnough = (): boolean => this.#replied || this.#waiting || this.#subscriber.closed;
    // Time in the queue does not count, nor while the socket is paused: look again later.
    if (this.#waiting || !this.#catchUp(isEnough)) return Math.max(timeout, 1);
    if (this.#subscriber.closed) return 0;
    if (isEnough()) return Math.max(this.#deadline - asyncScheduler.now(), 1);
    this.late = true;
    this.#subscriber.error(new TimeoutError(this.#operation, timeout));
    return 0;
  }
}
