import { asyncScheduler, type SchedulerAction, type Unsubscribable } from 'rxjs';
import { TimeoutError, type NetlinkError } from '../../errors/index.js';
import type { PendingRequest } from '../../exchange/index.js';
import type { Message } from '../../wire/index.js';
import type { RequestSubscriber } from './outcome.js';
import type { RequestObserver, RequestOutcome } from './request-observer.js';
import type { Session } from '../session/session.js';

/** The longest delay of a timer in milliseconds: `setTimeout` fires after 1 ms if the delay is longer. */
const LONGEST_DELAY = 0x7fff_ffff;

/**
 * Delivers the outcome of a request, and ends the request when its time is up or when its subscriber unsubscribes. At the end of
 * its subscriber it also ends the hold of the socket: a second teardown of its own would cost more than the call.
 *
 * @internal
 */
export class TimedRequestObserver implements RequestObserver, Unsubscribable {
  /** True after the request has timed out. */
  #late = false;
  /** True after the request has completed or failed. */
  #ended = false;
  readonly #subscriber: RequestSubscriber;
  readonly #outcome: RequestOutcome;
  readonly #session: Session;
  readonly #hold: Unsubscribable | undefined;
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
   * @param hold - Keeps the session open until the subscriber ends, if nothing else does.
   */
  constructor(
    subscriber: RequestSubscriber,
    outcome: RequestOutcome,
    session: Session,
    operation: string,
    timeout: number | undefined,
    hold?: Unsubscribable,
  ) {
    this.#subscriber = subscriber;
    this.#outcome = outcome;
    this.#session = session;
    this.#hold = hold;
    this.#operation = operation;
    this.#timeout = timeout === undefined || timeout === Infinity ? undefined : timeout;
  }

  get keepsNothing(): boolean {
    return this.#outcome.keepsNothing === true;
  }

  /**
   * Cancels the request when the subscriber unsubscribes before its end. Called after submitting it: a subscriber that has ended by then
   * runs the teardown at once, and makes no list for it.
   *
   * @param pending - The request; undefined if it could not be submitted.
   */
  follow(pending: PendingRequest<RequestObserver> | undefined): void {
    this.#pending = pending;
    this.#subscriber.add(this);
  }

  unsubscribe(): void {
    this.#cancel();
    this.#hold?.unsubscribe();
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

  #cancel(): void {
    if (!this.#ended && this.#pending !== undefined) this.#session.cancel(this.#pending, this.#late);
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
