import { type Subscription, asyncScheduler } from 'rxjs';
import { NetlinkError } from '../errors/index.js';
import type { Exchange } from '../exchange/index.js';
import { KERNEL_ORIGIN, encodeMessages, iterateMessages, type Message, type MessageInit } from '../wire/index.js';
import type { Trace } from './trace.js';
import type { Destination, TransportConnection } from './transport.js';

const FIRST_DELAY = 1;
const LONGEST_DELAY = 50;
const MOST_ATTEMPTS = 100;

interface Waiting {
  readonly bytes: Uint8Array;
  readonly to: Destination | undefined;
}

/**
 * Sends messages that are no requests. Another user's socket may be full: then they wait, in order, and are tried again
 * by a timer, because the kernel calls such a socket writable all the same.
 *
 * @internal
 */
export class Outbox {
  readonly #connection: TransportConnection;
  readonly #exchange: Exchange<unknown>;
  readonly #trace: Trace;
  readonly #fail: (error: NetlinkError) => void;
  readonly #waiting: Waiting[] = [];
  #timer: Subscription | undefined;
  #attempts = 0;

  /** @param fail - Told when a message had to be given up after it was accepted. */
  constructor(connection: TransportConnection, exchange: Exchange<unknown>, trace: Trace, fail: (error: NetlinkError) => void) {
    this.#connection = connection;
    this.#exchange = exchange;
    this.#trace = trace;
    this.#fail = fail;
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
    if (this.#waiting.length > 0 || !this.#connection.send(bytes, bytes.byteLength, to)) this.#wait({ bytes, to });
    return [...iterateMessages(bytes, KERNEL_ORIGIN)];
  }

  /** Stops trying; the session is over. */
  close(): void {
    this.#timer?.unsubscribe();
    this.#waiting.length = 0;
  }

  #wait(datagram: Waiting): void {
    this.#waiting.push(datagram);
    if (this.#timer === undefined || this.#timer.closed) this.#schedule();
  }

  #schedule(): void {
    const delay = Math.min(LONGEST_DELAY, FIRST_DELAY * 2 ** this.#attempts);
    this.#timer = asyncScheduler.schedule(() => this.#retry(), delay);
  }

  #retry(): void {
    try {
      for (let next = this.#waiting[0]; next !== undefined; next = this.#waiting[0]) {
        if (!this.#connection.send(next.bytes, next.bytes.byteLength, next.to)) {
          if (++this.#attempts >= MOST_ATTEMPTS) throw givenUp(next);
          this.#schedule();
          return;
        }
        this.#attempts = 0;
        this.#waiting.shift();
      }
    } catch (error) {
      this.#attempts = 0;
      this.#waiting.shift();
      if (this.#waiting.length > 0) this.#schedule();
      this.#fail(error as NetlinkError);
    }
  }
}

function givenUp({ to }: Waiting): NetlinkError {
  const port = to?.portId ?? 0;
  return new NetlinkError(`EAGAIN send: the socket of port ${port} stayed full; a message to it was given up`, {
    errno: -11,
    operation: 'send',
  });
}
