import { type Subscription, asyncScheduler } from 'rxjs';
import type { Exchange } from '../../exchange/index.js';
import { KERNEL_ORIGIN, encodeMessages, iterateMessages, type Message, type MessageInit } from '../../wire/index.js';
import { checkInteger, kindOf } from '../../check/index.js';
import { checkMessage } from './check-message.js';
import { SendQueue } from './send-queue.js';
import type { Trace } from './trace.js';
import type { Destination, TransportConnection } from '../transport/transport.js';

const FIRST_DELAY = 1;
const LONGEST_DELAY = 50;
const MOST_ATTEMPTS = 100;

/** A full socket, and when it is tried again. */
interface Retry {
  readonly queue: SendQueue;
  attempts: number;
  timer: Subscription | undefined;
}

/** @throws TypeError, RangeError if there is nothing to send, or nobody it could go to. @internal */
export function checkSend(inits: readonly MessageInit[], to: Destination | undefined): void {
  if (inits.length === 0) throw new RangeError('send: at least one message is needed');
  for (const init of inits) checkMessage('send', init);
  if (to === undefined) return;
  if (typeof to !== 'object' || (to as unknown) === null) {
    throw new TypeError(`send: option to must be { portId, groups }, not ${kindOf(to)}`);
  }
  checkInteger('send: to.portId', to.portId, 0, 0xffff_ffff);
  checkInteger('send: to.groups', to.groups ?? 0, 0, 0xffff_ffff);
}

/**
 * Sends messages that are no requests. Another user's socket may be full: then they wait, in order, and are tried again
 * by a timer, because the kernel calls such a socket writable all the same. One full socket does not hold up the others.
 *
 * @internal
 */
export class Outbox {
  readonly #connection: TransportConnection;
  readonly #exchange: Exchange<unknown>;
  readonly #trace: Trace;
  readonly #full = new Map<string, Retry>();

  constructor(connection: TransportConnection, exchange: Exchange<unknown>, trace: Trace) {
    this.#connection = connection;
    this.#exchange = exchange;
    this.#trace = trace;
  }

  /**
   * Fills in what is absent, sends all in one datagram, and returns what was sent.
   *
   * @throws NetlinkError EAGAIN if too much waits for the same socket already.
   */
  send(inits: readonly MessageInit[], to: Destination | undefined): Message[] {
    const filled = inits.map((init) => ({
      ...init,
      sequence: init.sequence ?? this.#exchange.takeSequence(),
      portId: init.portId ?? this.#connection.portId,
    }));
    const bytes = encodeMessages(filled);
    const name = `${to?.portId ?? 0} ${to?.groups ?? 0}`;
    const full = this.#full.get(name);
    full?.queue.checkRoom();
    this.#trace.sent(bytes);
    if (full !== undefined) full.queue.add(bytes);
    else if (!this.#connection.send(bytes, bytes.byteLength, to)) {
      const retry: Retry = { queue: new SendQueue(to), attempts: 0, timer: undefined };
      retry.queue.add(bytes);
      this.#full.set(name, retry);
      this.#schedule(name, retry);
    }
    return [...iterateMessages(bytes, KERNEL_ORIGIN)];
  }

  /** Stops trying; the session is over. */
  close(): void {
    for (const { timer } of this.#full.values()) timer?.unsubscribe();
    this.#full.clear();
  }

  #schedule(name: string, retry: Retry): void {
    const delay = Math.min(LONGEST_DELAY, FIRST_DELAY * 2 ** retry.attempts);
    retry.timer = asyncScheduler.schedule(() => this.#retry(name, retry), delay);
  }

  #retry(name: string, retry: Retry): void {
    const { queue } = retry;
    try {
      for (let next = queue.first; next !== undefined; next = queue.first) {
        if (!this.#connection.send(next, next.byteLength, queue.to)) {
          if (++retry.attempts < MOST_ATTEMPTS) this.#schedule(name, retry);
          else this.#giveUp(name, queue, 'stayed full');
          return;
        }
        retry.attempts = 0;
        queue.removeFirst();
      }
      this.#full.delete(name);
    } catch (error) {
      this.#giveUp(name, queue, error instanceof Error ? error.message : String(error));
    }
  }

  /** Nobody waits for what was sent this way; whoever looks at the trace is told. */
  #giveUp(name: string, { to, size }: SendQueue, reason: string): void {
    this.#full.delete(name);
    this.#trace.lostSend(size, `gave ${size} datagrams to port ${to?.portId ?? 0} up: ${reason}`);
  }
}
