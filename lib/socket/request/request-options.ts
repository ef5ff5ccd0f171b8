import { checkBoolean, checkOptionNames, kindOf } from '../../check/index.js';

/** The options of one request. @public */
export interface RequestOptions {
  /**
   * True for a dump, which DONE ends. Only one dump runs on a socket at a time; others wait.
   * @defaultValue derived from type and flags
   */
  readonly dump?: boolean;
  /**
   * True to request an ack. Without an ack the first reply ends the request, and a request without a reply never ends.
   * @defaultValue true, except for protocols that never send acks
   */
  readonly ack?: boolean;
  /**
   * Milliseconds from sending to the first reply, and between replies; `Infinity` waits forever.
   *
   * The time before the request is sent does not count, nor the time while the socket is paused. A reply that is queued in time
   * is never late, even if the event loop was busy: the socket reads once more before the error.
   */
  readonly timeout?: number;
  /** Cancels the request; its `reason` becomes the error. */
  readonly signal?: AbortSignal;
  /**
   * Delivers the replies in the kernel's order with all other messages, never right after sending. Its ack then arrives after
   * everything that was queued before it.
   * @defaultValue false
   */
  readonly ordered?: boolean;
  /**
   * The name of the request in errors and traces.
   * @defaultValue the name of the type, `'newlink'` or `'type 20'`
   */
  readonly operation?: string;
}

/** The options of a blocking request; `timeout` counts from sending to the first part of the reply, and between parts. @public */
export type SyncRequestOptions = Pick<RequestOptions, 'dump' | 'ack' | 'timeout' | 'operation'>;

const KNOWN: ReadonlySet<string> = new Set<keyof RequestOptions>(['dump', 'ack', 'timeout', 'signal', 'ordered', 'operation']);

/** @throws TypeError, RangeError if an option is not valid. @internal */
export function checkRequestOptions(options: RequestOptions): void {
  checkOptionNames('request', options, KNOWN);
  checkRequestValues(options);
}

/** Checks the values of options whose names the caller has checked. @throws TypeError, RangeError if a value is not valid. @internal */
export function checkRequestValues({ dump, ack, ordered, timeout, signal, operation }: RequestOptions): void {
  if (dump !== undefined) checkBoolean('request: option dump', dump);
  if (ack !== undefined) checkBoolean('request: option ack', ack);
  if (ordered !== undefined) checkBoolean('request: option ordered', ordered);
  checkTimeout(timeout);
  // Not `instanceof`: the signal may come from another realm.
  if (signal !== undefined && typeof (signal as Partial<AbortSignal> | null)?.addEventListener !== 'function') {
    throw new TypeError('request: option signal must be an AbortSignal');
  }
  if (operation !== undefined && typeof operation !== 'string') {
    throw new TypeError(`request: option operation must be a string, not ${kindOf(operation)}`);
  }
}

/** @throws TypeError, RangeError if it is not a time; `Infinity` is one. @internal */
export function checkTimeout(timeout: number | undefined): void {
  if (timeout === undefined) return;
  if (typeof timeout !== 'number') throw new TypeError(`request: option timeout must be a number, not ${kindOf(timeout)}`);
  if (!(timeout >= 0)) throw new RangeError(`request: option timeout must be a non-negative number of milliseconds, not ${timeout}`);
}
