import { asyncScheduler, type Observer, type Subscriber, type SchedulerAction, type Unsubscribable } from 'rxjs';
import { TimeoutError, type NetlinkError } from '../../errors/index.js';
import type { PendingRequest } from '../../exchange/index.js';
import type { Message } from '../../wire/index.js';
import type { RequestObserver } from './request-observer.js';
import type { Session } from './session.js';

/** The longest delay of a timer in milliseconds: `setTimeout` fires after 1 ms if the delay is longer. */
const LONGEST_DELAY = 0x7fff_ffff;

/**
 * Delivers the outcome of a request, and ends the request when its time is up or when its subscriber unsubscribes.
 *
 * @internal
 */
export class TimedRequestObserver implements RequestObserver, Unsubscribable {
  /** True after the request has timed out. */
  #late = false;
  /** True after the request has completed or failed. */
  #ended = false;
  readonly #subscriber: Subscriber<unknown>;
  readonly #outcome: Observer<Message>;
  readonly #session: Session;
  readonly #operation: string;
  readonly #timeout: number | undefined;
  #deadline = 0;
  #isQueued = false;
  #isTimed = false;
  #hasReply = false;
  #pending: PendingRequest<RequestObserver> | undefined;

  /**
   * @param subscriber - The subscriber whose end cancels the request.
   * @param outcome - Receives the outcome: the subscriber, or an observer that passes on to it.
   * @param session - The session of the request; it reads the queued replies before the request times out.
   */
  constructor(
    subscriber: Subscriber<unknown>,
    outcome: Observer<Message>,
    session: Session,
    operation: string,
    timeout: number | undefined,
  ) {
    this.#subscriber = subscriber;
    this.#outcome = outcome;
    this.#session = session;
    this.#operation = operation;
    this.#timeout = timeout === Infinity ? undefined : timeout;
  }

  /** Cancels the submitted request when the subscriber unsubscribes before its end. */
  follow(pending: PendingRequest<RequestObserver>): void {
    if (this.#ended) return;
    this.#pending = pending;
    this.#subscriber.add(this);
  }

  unsubscribe(): void {
    if (!this.#ended && this.#pending !== undefined) this.#session.cancel(this.#pending, this.#late);
  }

  requeued(): void {
    this.#isQueued = true;
  }

  sent(): void {
    this.#isQueued = false;
    if (this.#timeout === undefined || this.#subscriber.closed) return;
    this.#extend(this.#timeout);
    if (this.#isTimed) return;
    this.#isTimed = true;
    const expire = this.#expire.bind(this);
    this.#subscriber.add(
      asyncScheduler.schedule(
        function (this: SchedulerAction<void>) {
          const rest = expire();
          if (rest > 0) this.schedule(undefined, Math.min(rest, LONGEST_DELAY));
        },
        Math.min(this.#timeout, LONGEST_DELAY),
      ),
    );
  }

  next(message: Message): void {
    if (this.#timeout !== undefined) this.#extend(this.#timeout);
    this.#hasReply = true;
    this.#outcome.next(message);
  }

  complete(): void {
    this.#ended = true;
    this.#outcome.complete();
  }

  error(error: NetlinkError): void {
    this.#ended = true;
    this.#outcome.error(error);
  }

  #extend(timeout: number): void {
    this.#deadline = asyncScheduler.now() + timeout;
  }

  /** Returns the time that is left, or 0 after the request has ended. One timer serves all replies of a dump. */
  #expire(): number {
    const timeout = this.#timeout as number;
    const rest = this.#deadline - asyncScheduler.now();
    if (!this.#isQueued && rest > 0) return rest;
    this.#hasReply = false;
    const isEnough = (): boolean => this.#hasReply || this.#isQueued || this.#subscriber.closed;
    // The time in the queue does not count, nor does the time while the socket is paused: check again later.
    if (this.#isQueued || !this.#session.catchUp(isEnough)) return Math.max(timeout, 1);
    if (this.#subscriber.closed) return 0;
    if (isEnough()) return Math.max(this.#deadline - asyncScheduler.now(), 1);
    this.#late = true;
    this.#outcome.error(new TimeoutError(this.#operation, timeout));
    return 0;
  }
}
