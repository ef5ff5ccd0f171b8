import { checkBoolean, checkOptionNames, kindOf } from '../../check/index.js';

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
  /**
   * Milliseconds from sending to the first reply, and between replies; `Infinity` waits for ever.
   *
   * The time that it waits to be sent does not count, nor that in which the socket is paused. A reply that is queued in time
   * is never late, however long the event loop was busy: the socket is read once more before the error.
   */
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
  checkOptionNames('request', options, KNOWN);
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

/** @throws TypeError, RangeError if it is no time; to wait for ever is one. @internal */
export function checkTimeout(timeout: number | undefined): void {
  if (timeout === undefined) return;
  if (typeof timeout !== 'number') throw new TypeError(`request: option timeout must be a number, not ${kindOf(timeout)}`);
  if (!(timeout >= 0)) throw new RangeError(`request: option timeout must be a number of milliseconds from 0, not ${timeout}`);
}
