import { NetlinkError, OverrunError } from '../../errors/index.js';
import { Exchange, type DatagramEntries, type PendingRequest, type SubmitOptions } from '../../exchange/index.js';
import type { MessageInit } from '../../wire/index.js';
import { Dispatcher, type Waiter } from './dispatcher.js';
import { Outbox } from './outbox.js';
import { SendScratch } from './send-scratch.js';
import { Slab } from '../transport/slab.js';
import type { SocketStreams } from './streams.js';
import type { Trace } from './trace.js';
import type { Transport, TransportConnection } from '../transport/transport.js';

/** What a session is made of. @internal */
export interface SessionParts {
  readonly protocol: number;
  readonly sender: 'kernel' | 'any';
  readonly streams: SocketStreams;
  readonly trace: Trace;
  readonly transport: Transport;
  /** Opens the descriptor; what it receives goes to `receive`. */
  readonly open: (receive: (slab: ArrayBuffer) => void) => TransportConnection;
  /** Calls back after some milliseconds. */
  readonly wait: (delay: number, callback: () => void) => void;
}

/** Something read ahead of its turn. */
interface Backlogged {
  readonly slab: Slab;
  /** The request that has had its share of it. */
  readonly served: PendingRequest<Waiter>;
  /** How many datagrams had been sent when it was read. */
  readonly sends: number;
}

/** How long to let a foreign dump run before ours is tried again, in milliseconds. */
const DUMP_RETRY_DELAY = 5;

/** How many replies a turn may be handed on ahead of their turn: timers and other sockets want theirs. */
const INLINE_LIMIT = 32;

/**
 * All that exists while one descriptor is open: requests on their way, replies on theirs.
 *
 * It sends what the exchange lets go, and brings what is received into the kernel's order again where a reply was read
 * ahead of its turn.
 *
 * @internal
 */
export class Session {
  readonly connection: TransportConnection;
  readonly exchange: Exchange<Waiter>;
  /** For messages that are no requests. */
  readonly outbox: Outbox;
  readonly #parts: SessionParts;
  readonly #dispatcher: Dispatcher;
  readonly #scratch = new SendScratch();
  readonly #resting = new Set<object>();
  #backlog: Backlogged[] = [];
  #delivering = false;
  #inlined = 0;
  #sends = 0;
  #lossAhead = false;
  #paused = false;
  #reading = true;
  #ended = false;

  constructor(parts: SessionParts) {
    const { protocol, sender, streams, trace } = parts;
    this.#parts = parts;
    this.connection = parts.open((slab) => this.#receive(slab));
    trace.portId = this.connection.portId;
    this.exchange = new Exchange<Waiter>({ protocol, portId: this.connection.portId, window: 0 });
    this.measureWindow();
    this.outbox = new Outbox(this.connection, this.exchange, trace);
    this.#dispatcher = new Dispatcher({ protocol, sender, exchange: this.exchange, streams, trace, busy: () => this.#busy() });
  }

  /** Lets unread replies take half of the receive queue; the other half is for events and a dump's next part. */
  measureWindow(): void {
    this.exchange.window = this.connection.getBufferSize('receive') >> 1;
  }

  /**
   * Sends a request as soon as there is room for its replies.
   *
   * @param ordered - Never read its reply ahead of its turn.
   */
  submit(init: MessageInit, options: SubmitOptions, waiter: Waiter, ordered = false): PendingRequest<Waiter> {
    const request = this.exchange.submit(init, options, waiter);
    this.#pump(ordered ? undefined : request);
    return request;
  }

  /** Sends several requests in one datagram; see {@link Exchange.submitDatagram}. */
  submitDatagram(entries: DatagramEntries<Waiter>, endsBy?: 'drained'): PendingRequest<Waiter> {
    const last = this.exchange.submitDatagram(entries, endsBy);
    this.#pump(last);
    return last;
  }

  /** Says that nobody waits for a request any more, or, where it is late, that nothing more is expected of it. */
  cancel(request: PendingRequest<Waiter>, late: boolean): void {
    // Without an ack nothing is sure to come, and what is owed would stay owed.
    if (!request.isDump && (late || request.traits.endsBy === 'reply')) this.exchange.withdraw(request);
    else this.exchange.abandon(request);
    this.#pump();
  }

  /** Whether reading rests and requests wait. */
  get paused(): boolean {
    return this.#paused;
  }

  set paused(paused: boolean) {
    this.#paused = paused;
    this.#pump();
  }

  /** Lets reading rest, as far as no request needs it, while a reader is behind. */
  setResting(reader: object, resting: boolean): void {
    if (resting) this.#resting.add(reader);
    else this.#resting.delete(reader);
    this.#regulate();
  }

  /** Closes the descriptor. Whoever still waits for anything gets the error. */
  end(error: NetlinkError): void {
    if (this.#ended) return;
    this.#ended = true;
    this.#dispatcher.stop();
    this.outbox.close();
    this.connection.close();
    const requests = this.exchange.clear();
    this.#backlog = [];
    this.#parts.streams.failAll(error);
    for (const { context } of requests) context.error(error);
  }

  /**
   * Reads what the kernel has queued until now, as far as it is needed, and delivers it in order.
   *
   * After a busy time the event loop fires timers before it reads: a timer asks here before it declares a request late.
   *
   * @param isEnough - Returns true when nothing more is needed.
   * @returns False if nothing can be read now: the socket is paused, or a delivery is under way.
   */
  catchUp(isEnough: () => boolean): boolean {
    if (this.#paused || this.#delivering) return false;
    this.#parts.trace.refresh();
    this.#flush();
    // All that the queue could hold when the timer fired; what comes meanwhile may never end.
    for (let left = 2 * this.exchange.window; left > 0 && !this.#ended && !isEnough();) {
      const buffer = this.connection.receiveNow?.();
      if (buffer === undefined) break;
      const slab = new Slab(buffer);
      this.#process(slab, undefined, true);
      left = slab.drained ? 0 : left - buffer.byteLength;
    }
    this.#pump();
    return true;
  }

  #receive(buffer: ArrayBuffer): void {
    if (this.#ended) return;
    this.#parts.trace.refresh();
    this.#flush();
    this.#process(new Slab(buffer), undefined, true);
    this.#pump();
  }

  /** Gives what was read ahead of its turn its turn. */
  #flush(): void {
    while (this.#backlog.length > 0) {
      const backlog = this.#backlog;
      this.#backlog = [];
      for (const { slab, served, sends } of backlog) this.#process(slab, served, sends === this.#sends);
    }
  }

  #process(slab: Slab, served: PendingRequest<Waiter> | undefined, current: boolean): void {
    if (this.#ended) return;
    this.#deliver(() => {
      this.#dispatcher.dispatch(slab, served);
      // A queue that ran empty says nothing of requests that were sent since.
      // Nor does it say anything where something was lost: a refusal, perhaps.
      if (slab.lost) this.#overrun(slab.dropped);
      else if (slab.drained && current) this.#dispatcher.drained();
    });
  }

  #deliver(deliver: () => void): void {
    const outer = this.#delivering;
    this.#delivering = true;
    try {
      deliver();
    } finally {
      this.#delivering = outer;
    }
  }

  #overrun(dropped: number): void {
    this.#lossAhead = false;
    this.#parts.trace.overrun(dropped);
    const error = new OverrunError(dropped);
    const requests = this.exchange.overrun();
    this.#parts.streams.failAll(error);
    for (const { context } of requests) context.error(error);
  }

  /**
   * Sends whatever may go, and reads where replies are due. Never from within a delivery: what was read then knows nothing of
   * what is sent now. Whoever delivers comes here afterwards.
   *
   * @param fresh - Has come just now: its reply may be read at once.
   */
  #pump(fresh?: PendingRequest<Waiter>): void {
    if (this.#delivering) return;
    while (!this.#paused && !this.#ended && !this.#lossAhead) {
      const request = this.exchange.next();
      if (request === undefined) break;
      this.#send(request, request === fresh && this.#inlined < INLINE_LIMIT);
    }
    this.#regulate();
  }

  #send(request: PendingRequest<Waiter>, inline: boolean): void {
    const { traits } = request;
    let slab: ArrayBuffer | undefined;
    try {
      const length = this.#scratch.encode(request);
      // Who listens to the trace may send, too, and the scratch is not free yet.
      if (this.#parts.trace.tellsSent) this.#deliver(() => this.#parts.trace.sent(this.#scratch.bytes.subarray(0, length)));
      this.#sends++;
      if (inline && (traits.endsBy === 'ack' || traits.endsBy === 'reply')) {
        slab = this.connection.exchange(this.#scratch.bytes, length, traits.expected);
        if (slab === undefined && this.connection.lossAhead === true) this.#lossAhead = true;
      } else if (!this.connection.send(this.#scratch.bytes, length)) {
        throw new NetlinkError('EAGAIN send: the socket to the kernel takes no more', { errno: -11, operation: traits.operation });
      }
    } catch (error) {
      const failed = [...this.exchange.unfold(request), request];
      this.exchange.withdraw(request);
      this.#deliver(() => failed.forEach(({ context }) => context.error(error as NetlinkError)));
      return;
    }
    this.#deliver(() => announceSent(request));
    if (slab !== undefined) this.#serve(new Slab(slab), request);
  }

  /** Hands a reply that was read right after sending to whoever asked, and keeps the rest for its turn. */
  #serve(slab: Slab, request: PendingRequest<Waiter>): void {
    const { streams, trace } = this.#parts;
    trace.refresh();
    if (this.#inlined++ === 0) this.#parts.transport.defer(() => this.#nextTurn());
    let all = false;
    this.#deliver(() => (all = this.#dispatcher.serve(slab, request)));
    // That the queue is empty is news only in its turn: what was read before may not have been looked at yet.
    const keep = trace.active || streams.observed || slab.lost || (slab.drained && this.exchange.awaitsDrain);
    if (all && !keep) return;
    this.#lossAhead ||= slab.lost;
    this.#backlog.push({ slab, served: request, sends: this.#sends });
  }

  #nextTurn(): void {
    this.#inlined = 0;
    if (this.#ended) return;
    this.#flush();
    this.#pump();
  }

  /** A foreign dump, one of `send()`, keeps ours from starting; nobody says when it ends. */
  #busy(): void {
    this.#parts.wait(DUMP_RETRY_DELAY, () => {
      this.exchange.releaseDumps();
      this.#pump();
    });
  }

  /** Reads unless asked not to; a reader that is behind may not keep replies from those who wait for them. */
  #regulate(): void {
    const rest = this.#paused || (this.#resting.size > 0 && this.exchange.inFlight === 0);
    if (rest === this.#reading && !this.#ended) {
      this.#reading = !rest;
      if (rest) this.connection.pause();
      else this.connection.resume();
    }
  }
}

/** Tells who waits that a request is on its way; where nobody ever replies, that is all there is to tell. */
function announceSent({ context, traits }: PendingRequest<Waiter>): void {
  context.sent();
  if (traits.endsBy === 'sending') context.complete();
}
