import { type Subscription, asyncScheduler } from 'rxjs';
import { NetlinkError } from '../errors/index.js';
import type { Exchange } from '../exchange/index.js';
import { KERNEL_ORIGIN, encodeMessages, iterateMessages, type Message, type MessageInit } from '../wire/index.js';
import { checkInteger, checkMessage, kindOf } from './checks.js';
import type { Trace } from './trace.js';
import type { Destination, TransportConnection } from './transport.js';

const FIRST_DELAY = 1;
const LONGEST_DELAY = 50;
const MOST_ATTEMPTS = 100;

/** How much may wait for one full socket, in bytes. */
const MOST_BYTES = 16 << 20;

/** What a datagram takes beside its bytes while it waits, about. */
const OVERHEAD = 256;

/** After how many datagrams that were sent the room for them is given back. */
const COMPACT_AFTER = 1 << 10;

/** What waits for one full socket. */
interface Queue {
  readonly to: Destination | undefined;
  datagrams: Uint8Array[];
  /** Where in `datagrams` the next one is: `shift()` of a long array moves all of it. */
  head: number;
  bytes: number;
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
  readonly #queues = new Map<string, Queue>();

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
    const queue = this.#queues.get(name);
    if (queue !== undefined) refuseMore(queue);
    this.#trace.sent(bytes);
    if (queue !== undefined) add(queue, bytes);
    else if (!this.#connection.send(bytes, bytes.byteLength, to)) {
      const waiting: Queue = { to, datagrams: [], head: 0, bytes: 0, attempts: 0, timer: undefined };
      add(waiting, bytes);
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
    try {
      for (let next = first(queue); next !== undefined; next = first(queue)) {
        if (!this.#connection.send(next, next.byteLength, queue.to)) {
          if (++queue.attempts < MOST_ATTEMPTS) this.#schedule(name, queue);
          else this.#giveUp(name, queue, 'stayed full');
          return;
        }
        queue.attempts = 0;
        remove(queue, next);
      }
      this.#queues.delete(name);
    } catch (error) {
      this.#giveUp(name, queue, error instanceof Error ? error.message : String(error));
    }
  }

  /** Nobody waits for what was sent this way; whoever looks at the trace is told. */
  #giveUp(name: string, { to, datagrams, head }: Queue, reason: string): void {
    this.#queues.delete(name);
    const count = datagrams.length - head;
    this.#trace.lostSend(count, `gave ${count} datagrams to port ${to?.portId ?? 0} up: ${reason}`);
  }
}

function refuseMore({ to, bytes }: Queue): void {
  if (bytes < MOST_BYTES) return;
  const reason = `${bytes} bytes wait already for port ${to?.portId ?? 0}, which takes none`;
  throw new NetlinkError(`EAGAIN send: ${reason}`, { errno: -11, operation: 'send' });
}

function first({ datagrams, head }: Queue): Uint8Array | undefined {
  return datagrams[head];
}

function add(queue: Queue, datagram: Uint8Array): void {
  queue.datagrams.push(datagram);
  queue.bytes += datagram.byteLength + OVERHEAD;
}

/** Takes the first away. */
function remove(queue: Queue, datagram: Uint8Array): void {
  queue.bytes -= datagram.byteLength + OVERHEAD;
  if (++queue.head < COMPACT_AFTER) return;
  queue.datagrams = queue.datagrams.slice(queue.head);
  queue.head = 0;
}
