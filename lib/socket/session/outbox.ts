import { type Subscription, asyncScheduler } from 'rxjs';
import type { Exchange } from '../../exchange/index.js';
import type { MessageInit } from '../../wire/index.js';
import { encodedSize, writeMessage } from '../../wire/internal.js';
import { checkInteger, kindOf } from '../../check/index.js';
import { checkMessage } from '../request/check-message.js';
import { SendQueue } from './send-queue.js';
import type { Trace } from './trace.js';
import type { Destination, TransportConnection } from '../transport/transport.js';

const FIRST_DELAY = 1;
const LONGEST_DELAY = 50;
const MOST_ATTEMPTS = 100;

/** The datagrams for a full socket, and the timer that sends them again. */
interface Retry {
  readonly queue: SendQueue;
  attempts: number;
  timer: Subscription | undefined;
}

/** Checks the arguments of `send`. @throws TypeError, RangeError if the list is empty, or a message or the destination is invalid. @internal */
export function checkSend(inits: readonly MessageInit[], to: Destination | undefined): void {
  if (inits.length === 0) throw new RangeError('send: expected at least one message, got none');
  for (const init of inits) checkMessage('send', init);
  if (to === undefined) return;
  if (typeof to !== 'object' || (to as unknown) === null) {
    throw new TypeError(`send: option to must be { portId, groups }, not ${kindOf(to)}`);
  }
  checkInteger('send: to.portId', to.portId, 0, 0xffff_ffff);
  checkInteger('send: to.groups', to.groups ?? 0, 0, 0xffff_ffff);
}

/**
 * Sends messages that are not requests. If the receive queue of another user socket is full, the messages for it wait in order.
 * A timer sends them again, because poll(2) reports a sender as writable even then. One full socket does not delay the others.
 *
 * @internal
 */
export class Outbox {
  readonly #connection: TransportConnection;
  readonly #exchange: Exchange<unknown>;
  readonly #trace: Trace;
  #full: Map<string, Retry> | undefined;

  constructor(connection: TransportConnection, exchange: Exchange<unknown>, trace: Trace) {
    this.#connection = connection;
    this.#exchange = exchange;
    this.#trace = trace;
  }

  /**
   * Fills in absent header fields, sends all messages in one datagram, and returns its bytes.
   *
   * @throws NetlinkError EAGAIN if too many bytes already wait for the same socket.
   */
  send(inits: readonly MessageInit[], to: Destination | undefined): Uint8Array {
    const bytes = this.#encode(inits);
    const name = `${to?.portId ?? 0} ${to?.groups ?? 0}`;
    const full = this.#full?.get(name);
    full?.queue.checkRoom();
    this.#trace.sent(bytes);
    if (full !== undefined) full.queue.add(bytes);
    else if (!this.#connection.send(bytes, bytes.length, to)) {
      const retry: Retry = { queue: new SendQueue(to), attempts: 0, timer: undefined };
      retry.queue.add(bytes);
      (this.#full ??= new Map<string, Retry>()).set(name, retry);
      this.#schedule(name, retry);
    }
    return bytes;
  }

  #encode(inits: readonly MessageInit[]): Uint8Array {
    let size = 0;
    for (const init of inits) size += encodedSize(init);
    const bytes = new Uint8Array(size);
    const words = new Uint32Array(bytes.buffer);
    let offset = 0;
    for (const init of inits) {
      const sequence = init.sequence ?? this.#exchange.takeSequence();
      offset += writeMessage(bytes, words, offset, init, sequence, init.portId ?? this.#connection.portId, init.flags ?? 0);
    }
    return bytes;
  }

  /** Drops the waiting datagrams; the session has ended. */
  close(): void {
    for (const { timer } of this.#full?.values() ?? []) timer?.unsubscribe();
    this.#full = undefined;
  }

  #schedule(name: string, retry: Retry): void {
    const delay = Math.min(LONGEST_DELAY, FIRST_DELAY * 2 ** retry.attempts);
    retry.timer = asyncScheduler.schedule(() => this.#retry(name, retry), delay);
  }

  #retry(name: string, retry: Retry): void {
    const { queue } = retry;
    try {
      for (let next = queue.first; next !== undefined; next = queue.first) {
        if (!this.#connection.send(next, next.length, queue.to)) {
          if (++retry.attempts < MOST_ATTEMPTS) this.#schedule(name, retry);
          else this.#giveUp(name, queue, 'its receive queue stayed full');
          return;
        }
        retry.attempts = 0;
        queue.removeFirst();
      }
      this.#full?.delete(name);
    } catch (error) {
      this.#giveUp(name, queue, error instanceof Error ? error.message : String(error));
    }
  }

  /** Drops the datagrams for a socket. No subscriber waits for them, so only the trace and a counter report it. */
  #giveUp(name: string, { to, size }: SendQueue, reason: string): void {
    this.#full?.delete(name);
    this.#trace.lostSend(size, `send: dropped ${size} datagrams to port ${to?.portId ?? 0}: ${reason}`);
  }
}
