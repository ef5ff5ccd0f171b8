import { type Subscription, asyncScheduler } from 'rxjs';
import type { Exchange } from '../exchange/index.js';
import { KERNEL_ORIGIN, encodeMessages, iterateMessages, type Message, type MessageInit } from '../wire/index.js';
import type { Trace } from './trace.js';
import type { Destination, TransportConnection } from './transport.js';

const FIRST_DELAY = 1;
const LONGEST_DELAY = 50;
const MOST_ATTEMPTS = 100;

/** What waits for one full socket. */
interface Queue {
  readonly to: Destination | undefined;
  readonly datagrams: Uint8Array[];
  attempts: number;
  timer: Subscription | undefined;
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
  readonly #queues = new Map<string, Queue>();

  constructor(connection: TransportConnection, exchange: Exchange<unknown>, trace: Trace) {
    this.#connection = connection;
    this.#exchange = exchange;
    this.#trace = trace;
  }

  /** Fills in what is absent, sends all in one datagram, and returns what was sent. */
  send(inits: readonly MessageInit[], to: Destination | undefined): Message[] {
    const filled = inits.map((init) => ({
      ...init,
      sequence: init.sequence ?? this.#exchange.takeSequence(),
      portId: init.portId ?? this.#connection.portId,
    }));
    const bytes = encodeMessages(filled);
    this.#trace.sent(bytes);
    const name = `${to?.portId ?? 0} ${to?.groups ?? 0}`;
    const queue = this.#queues.get(name);
    if (queue !== undefined) queue.datagrams.push(bytes);
    else if (!this.#connection.send(bytes, bytes.byteLength, to)) {
      const waiting: Queue = { to, datagrams: [bytes], attempts: 0, timer: undefined };
      this.#queues.set(name, waiting);
      this.#schedule(name, waiting);
    }
    return [...iterateMessages(bytes, KERNEL_ORIGIN)];
  }

  /** Stops trying; the session is over. */
  close(): void {
    for (const { timer } of this.#queues.values()) timer?.unsubscribe();
    this.#queues.clear();
  }

  #schedule(name: string, queue: Queue): void {
    const delay = Math.min(LONGEST_DELAY, FIRST_DELAY * 2 ** queue.attempts);
    queue.timer = asyncScheduler.schedule(() => this.#retry(name, queue), delay);
  }

  #retry(name: string, queue: Queue): void {
    const { datagrams, to } = queue;
    try {
      for (let next = datagrams[0]; next !== undefined; next = datagrams[0]) {
        if (!this.#connection.send(next, next.byteLength, to)) {
          if (++queue.attempts < MOST_ATTEMPTS) this.#schedule(name, queue);
          else this.#giveUp(name, queue, 'stayed full');
          return;
        }
        queue.attempts = 0;
        datagrams.shift();
      }
      this.#queues.delete(name);
    } catch (error) {
      this.#giveUp(name, queue, error instanceof Error ? error.message : String(error));
    }
  }

  /** Nobody waits for what was sent this way; whoever looks at the trace is told. */
  #giveUp(name: string, { to, datagrams }: Queue, reason: string): void {
    this.#queues.delete(name);
    this.#trace.lostSend(datagrams.length, `gave ${datagrams.length} datagrams to port ${to?.portId ?? 0} up: ${reason}`);
  }
}
