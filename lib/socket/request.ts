import { Observable, asyncScheduler, type Subscriber, type SchedulerAction } from 'rxjs';
import { TimeoutError, type NetlinkError } from '../errors/index.js';
import type { Message, MessageInit } from '../wire/index.js';
import { checkBoolean, checkOptionNames, kindOf } from './checks.js';
import type { Waiter } from './dispatcher.js';

/** The longest that a timer can wait, in milliseconds; of anything more it makes 1. */
const LONGEST = 0x7fff_ffff;

/** How to treat one request. @public */
export interface RequestOptions {
  /**
   * Whether it is a dump, ended by DONE; only one runs at a time, others wait.
   * @defaultValue guessed from type and flags
   */
  readonly dump?: boolean;
  /**
   * Whether to ask for an ack. Without one the first reply is the last, and a request that is not answered never ends.
   * @defaultValue true, but for protocols that never ack
   */
  readonly ack?: boolean;
  /** Milliseconds from sending to the first reply, and between replies; waiting to be sent does not count. `Infinity` is for ever. */
  readonly timeout?: number;
  /** Cancels the request; its `reason` becomes the error. */
  readonly signal?: AbortSignal;
  /**
   * Hand replies on in the kernel's order with everything else, never right after sending: an ack then says that all that
   * was queued before it has been delivered.
   * @defaultValue false
   */
  readonly ordered?: boolean;
  /**
   * How errors and traces call it.
   * @defaultValue what the type says, `'newlink'` or `'type 20'`
   */
  readonly operation?: string;
}

/** How to treat a request that is waited for; `timeout` counts from sending to the first part of the answer, and between parts. @public */
export type SyncRequestOptions = Pick<RequestOptions, 'dump' | 'ack' | 'timeout' | 'operation'>;

const KNOWN: ReadonlySet<string> = new Set<keyof RequestOptions>(['dump', 'ack', 'timeout', 'signal', 'ordered', 'operation']);

/** @throws TypeError, RangeError if one of them is wrong. @internal */
export function checkRequestOptions(options: RequestOptions): void {
  if (typeof options !== 'object' || (options as unknown) === null) {
    throw new TypeError(`request: options must be an object, not ${kindOf(options)}`);
  }
  checkOptionNames(options, KNOWN);
  const { dump, ack, ordered, timeout, signal, operation } = options;
  if (dump !== undefined) checkBoolean('request: option dump', dump);
  if (ack !== undefined) checkBoolean('request: option ack', ack);
  if (ordered !== undefined) checkBoolean('request: option ordered', ordered);
  checkTimeout(timeout);
  // Asked in this way, for a signal may come from another realm.
  if (signal !== undefined && typeof (signal as Partial<AbortSignal> | null)?.addEventListener !== 'function') {
    throw new TypeError('request: option signal must be an AbortSignal');
  }
  if (operation !== undefined && typeof operation !== 'string') {
    throw new TypeError(`request: option operation must be a string, not ${kindOf(operation)}`);
  }
}

/**
 * Checks how long to wait.
 *
 * @returns Milliseconds; undefined for ever.
 * @throws TypeError, RangeError if it is no time.
 * @internal
 */
export function checkTimeout(timeout: number | undefined): number | undefined {
  if (timeout === undefined) return undefined;
  if (typeof timeout !== 'number') throw new TypeError(`request: timeout must be a number, not ${kindOf(timeout)}`);
  if (!(timeout >= 0)) throw new RangeError(`request: timeout must be a number of milliseconds from 0, not ${timeout}`);
  return timeout === Infinity ? undefined : timeout;
}

/** @throws TypeError if it cannot be a message. @internal */
export function checkMessage(what: string, message: MessageInit): void {
  const isObject = typeof message === 'object' && (message as unknown) !== null;
  if (isObject && (message as Partial<MessageInit>).type !== undefined) return;
  throw new TypeError(`${what}: a message such as { type: 18 } is needed, not ${isObject ? 'an object without type' : kindOf(message)}`);
}

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
    this.#timeout = timeout;
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

/**
 * Ends a subscriber with the signal's reason when it is aborted.
 *
 * @returns False where that has happened already.
 * @internal
 */
export function abortWith(signal: AbortSignal | undefined, subscriber: Subscriber<unknown>): boolean {
  if (signal === undefined) return true;
  const abort = (): void => subscriber.error(signal.reason);
  if (signal.aborted) {
    abort();
    return false;
  }
  signal.addEventListener('abort', abort, { once: true });
  subscriber.add(() => signal.removeEventListener('abort', abort));
  return true;
}

/** Ends a stream with the signal's reason when it is aborted; it is never begun where that has happened already. @internal */
export function untilAborted<T>(source: Observable<T>, signal: AbortSignal | undefined): Observable<T> {
  if (signal === undefined) return source;
  return new Observable((subscriber) => {
    if (abortWith(signal, subscriber)) subscriber.add(source.subscribe(subscriber));
  });
}
