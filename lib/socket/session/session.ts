import { asyncScheduler } from 'rxjs';
import { Errno, NetlinkError, OverrunError } from '../../errors/index.js';
import { Exchange, usualReplies, type DatagramEntries, type PendingRequest, type SubmitOptions } from '../../exchange/index.js';
import { KERNEL_ORIGIN, Message, MessageFlags, type MessageInit } from '../../wire/index.js';
import type { SocketSettings } from '../options.js';
import { Dispatcher } from './dispatcher.js';
import { Outbox } from './outbox.js';
import { Reading } from './reading.js';
import type { RequestObserver, RequestOutcome, SentRequest } from '../request/request-observer.js';
import { SendScratch } from './send-scratch.js';
import { Answer, Slab, findReply } from '../transport/slab.js';
import { SlabRoom } from '../transport/slab-room.js';
import type { SocketStreams } from './streams.js';
import type { Trace } from './trace.js';
import type { RequestSubscriber } from '../request/outcome.js';
import type { Transport, TransportConnection } from '../transport/transport.js';
import { TurnBudget } from '../transport/turn-budget.js';

/** A slab that was read right after a request was sent, before the slabs that the event loop reads. */
interface EarlySlab {
  readonly slab: Slab;
  /** The request that has already received its messages of this slab. */
  readonly answered: PendingRequest<RequestObserver>;
  /** The number of datagrams that had been sent when it was read. */
  readonly sends: number;
}

/** The flags of a request that asks for an ack. */
const ASKING = MessageFlags.Request | MessageFlags.Ack;

/** The delay before a dump is sent again that the kernel rejected because another dump runs, in milliseconds. */
const DUMP_RETRY_DELAY = 5;

/**
 * Owns the connection of one opened descriptor: sends requests, and delivers everything that is received.
 *
 * The exchange decides when a request may be sent. A reply that is read right after sending goes to its request at once; the
 * other subscribers get the slab later, in the kernel's order.
 *
 * @internal
 */
export class Session {
  readonly connection: TransportConnection;
  readonly exchange: Exchange<RequestObserver>;
  /** Sends messages that are not requests. */
  readonly outbox: Outbox;
  readonly #protocol: number;
  readonly #transport: Transport;
  readonly #streams: SocketStreams;
  readonly #trace: Trace;
  readonly #dispatcher: Dispatcher;
  readonly #scratch = new SendScratch();
  readonly #room = new SlabRoom();
  readonly #budget = new TurnBudget();
  /** The newest request that waits to be sent, unless it is ordered. */
  #newest: PendingRequest<RequestObserver> | undefined;
  readonly #reading: Reading;
  #early: EarlySlab[] = [];
  #delivering = false;
  /** True if {@link Session.#pump} was called within a delivery, and not since. */
  #pumpMissed = false;
  #sends = 0;
  #overrunPending = false;
  /** The error that ended it. */
  #failure: NetlinkError | undefined;

  /** @param connection - A connection that delivers to {@link Session.receive}; the session closes it. */
  constructor(
    { protocol, sender }: Pick<SocketSettings, 'protocol' | 'sender'>,
    transport: Transport,
    connection: TransportConnection,
    streams: SocketStreams,
    trace: Trace,
  ) {
    this.connection = connection;
    this.#protocol = protocol;
    this.#transport = transport;
    this.#streams = streams;
    this.#trace = trace;
    trace.portId = connection.portId;
    const exchange = new Exchange<RequestObserver>({ protocol, portId: connection.portId, window: 0 });
    this.exchange = exchange;
    this.#reading = new Reading(connection, exchange);
    this.updateWindow();
    this.outbox = new Outbox(connection, exchange, trace);
    this.#dispatcher = new Dispatcher({ protocol, sender, exchange, streams, trace, busy: () => this.#retryDumps() });
  }

  /** Limits unread replies to half of the receive queue; events and the next part of a dump need the other half. */
  updateWindow(): void {
    this.exchange.window = this.connection.getBufferSize('receive') >> 1;
  }

  /**
   * Sends a request as soon as the receive queue has room for its replies.
   *
   * @param ordered - Delivers the replies in the kernel's order; they are not read right after sending.
   */
  submit(init: MessageInit, options: SubmitOptions, observer: RequestObserver, ordered = false): PendingRequest<RequestObserver> {
    const request = this.#maySend() ? this.exchange.submitNow(init, options, observer) : this.exchange.submit(init, options, observer);
    if (request.sequence !== 0) this.#send(request, !ordered && this.#budget.allows());
    else if (!ordered) this.#newest = request;
    this.#pump();
    return request;
  }

  /**
   * Sends a request that asks for an ack, and delivers the reply, if the socket has nothing else to do and the kernel answers at once. Such
   * a request is not recorded anywhere, because nothing can come between: this is a tenth of its time.
   *
   * @param subscriber - Its end cancels the request.
   * @param outcome - Receives the reply and the end of the request.
   * @returns `'ended'`; the request, if the answer is missing or unusual: pass it to {@link Session.submitSent}; undefined if nothing was sent.
   */
  ask(init: MessageInit, subscriber: Pick<RequestSubscriber, 'closed'>, outcome: RequestOutcome): 'ended' | SentRequest | undefined {
    const expected = usualReplies(this.#protocol, init);
    if (expected === 0 || !this.#mayAsk()) return undefined;
    const sequence = this.exchange.takeSequence();
    const { portId } = this.connection;
    let read: ArrayBuffer | number | undefined;
    try {
      const length = this.#scratch.encodeOne(init, sequence, portId, (init.flags ?? 0) | ASKING);
      this.#sends++;
      read = this.#room.read(this.connection, this.#scratch.bytes, length, expected);
    } catch (error) {
      this.#deliver(() => outcome.error(error));
      this.#pump();
      return 'ended';
    }
    const { frame, end } = this.#room;
    const { published } = this.#trace;
    const reply = typeof read === 'number' ? findReply(frame.words, end - read, end, sequence, portId) : Answer.Unusual;
    if (typeof read !== 'number' || reply === Answer.Unusual) return { sequence, slab: this.#room.slabOf(read) };
    this.#answer(reply === Answer.AckAlone ? undefined : new Message(frame, reply, KERNEL_ORIGIN), subscriber, outcome);
    if (outcome.keepsNothing === true && this.#trace.published === published) this.#room.takeBack(frame, end - read);
    if (this.#pumpMissed) this.#pump();
    return 'ended';
  }

  /** Continues a request that {@link Session.ask} has sent. */
  submitSent(init: MessageInit, options: SubmitOptions, observer: RequestObserver, sent: SentRequest): PendingRequest<RequestObserver> {
    const { sequence, slab } = sent;
    const request = this.exchange.submitSent(init, options, observer, sequence);
    if (slab === undefined && this.connection.overrunPending === true) this.#overrunPending = true;
    this.#announceSent(request);
    if (slab !== undefined) this.#deliverReplies(slab, request);
    this.#pump();
    return request;
  }

  /** Sends several requests in one datagram; see {@link Exchange.submitDatagram}. */
  submitDatagram(entries: DatagramEntries<RequestObserver>, endsBy?: 'drained'): PendingRequest<RequestObserver> {
    const last = this.exchange.submitDatagram(entries, endsBy);
    this.#newest = last;
    this.#pump(last);
    return last;
  }

  /** Ignores the replies of a request from now on. If it is late, the exchange expects no reply to it any more. */
  cancel(request: PendingRequest<RequestObserver>, late: boolean): void {
    if (request === this.#newest) this.#newest = undefined;
    // Without an ack the kernel may send no reply: the exchange would reserve room for it forever.
    if (!request.isDump && (late || request.traits.endsBy === 'reply')) this.exchange.withdraw(request);
    else this.exchange.abandon(request);
    this.#pump();
  }

  /** Pauses or resumes reading, and the sending of requests. */
  setPaused(paused: boolean): void {
    this.#reading.paused = paused;
    this.#pump();
  }

  /** Stops reading while a reader has unread messages and no request is in flight. */
  setSlowReader(reader: object, isSlow: boolean): void {
    this.#reading.setSlowReader(reader, isSlow);
    if (this.#failure === undefined) this.#reading.update();
  }

  /** Closes the descriptor; every stream and request ends with the error. */
  end(error: NetlinkError): void {
    if (this.#failure !== undefined) return;
    this.#failure = error;
    this.#newest = undefined;
    this.#dispatcher.stop();
    this.outbox.close();
    this.connection.close();
    const requests = this.exchange.clear();
    this.#early = [];
    this.#streams.failAll(error);
    for (const { context } of requests) context.error(error);
  }

  /**
   * Reads the messages that the kernel has queued, and delivers them in order, until `isEnough` returns true.
   *
   * After a busy time the event loop fires timers before it reads. A timer calls this method before it ends a request as late.
   *
   * @returns False if nothing can be read now: the socket is paused, or a delivery is in progress.
   */
  catchUp(isEnough: () => boolean): boolean {
    if (this.#reading.paused || this.#delivering) return false;
    this.#trace.refresh();
    this.#flush();
    // At most as many bytes as the queue can hold: new messages may arrive without end.
    for (let left = 2 * this.exchange.window; left > 0 && this.#failure === undefined && !isEnough();) {
      const buffer = this.connection.receiveNow?.();
      if (buffer === undefined) break;
      const slab = Slab.of(buffer);
      this.#process(slab, undefined, true);
      left = slab.drained ? 0 : left - buffer.byteLength;
    }
    this.#pump();
    return true;
  }

  /** Delivers a slab that the transport has received. */
  receive(buffer: ArrayBuffer): void {
    if (this.#failure !== undefined) return;
    this.#trace.refresh();
    this.#flush();
    this.#process(Slab.of(buffer), undefined, true);
    this.#pump();
  }

  /** Delivers the early slabs to the subscribers that have not received them. */
  #flush(): void {
    while (this.#early.length > 0) {
      const early = this.#early;
      this.#early = [];
      for (const { slab, answered, sends } of early) this.#process(slab, answered, sends === this.#sends);
    }
  }

  #process(slab: Slab, answered: PendingRequest<RequestObserver> | undefined, current: boolean): void {
    if (this.#failure !== undefined) return;
    this.#deliver(() => {
      // The kernel does not mark the gap in its queue: a message that it adds before a read finds the queue empty is behind the gap,
      // and in the same slab as those before it.
      if (slab.afterLoss) this.#streams.losses.next();
      if (!slab.isDetached) this.#dispatcher.dispatch(slab, answered);
      // An empty queue ends a request only if the request was sent before the read and no message was lost:
      // the lost message may have been its error.
      if (slab.lost || slab.isDetached) this.#overrun(slab);
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

  #overrun({ dropped, isDetached }: Slab): void {
    this.#overrunPending = false;
    this.#trace.overrun(dropped);
    const error = new OverrunError(dropped);
    const requests = this.exchange.overrun(isDetached);
    this.#streams.failAll(error);
    for (const { context } of requests) context.error(error);
  }

  /**
   * Sends every request that the exchange releases. It does nothing during a delivery, because the slab in delivery was read
   * before; each delivery is followed by a call.
   *
   * The reply to a single request is read right after sending, if nothing else is in flight: it follows the end of another (`concatMap`, a
   * batch). The replies to several arrive in one read of the event loop. Streams get the kernel's order.
   *
   * @param submitted - The request that was submitted just now, if that was not within a delivery.
   */
  #pump(submitted?: PendingRequest<RequestObserver>): void {
    if (this.#delivering) {
      this.#pumpMissed = true;
      return;
    }
    while (this.#maySend()) {
      const newest = this.#newest;
      const isAlone = newest !== undefined && this.exchange.waiting === 1 && this.exchange.inFlight === 0 && !this.#streams.observed;
      // The next turn sends it. The kernel does its work while a request is sent, so sending takes as long as reading right after it.
      if (isAlone && newest !== submitted && !this.#budget.allows()) break;
      const request = this.exchange.next();
      if (request === undefined) break;
      if (request === newest) this.#newest = undefined;
      this.#send(request, request === newest && (isAlone || request === submitted) && this.#budget.allows());
    }
    this.#pumpMissed = false;
    if (this.#failure === undefined) this.#reading.update();
  }

  /** A method: V8 calls its runtime for each read of a private getter. */
  #maySend(): boolean {
    return !this.#delivering && !this.#reading.paused && this.#failure === undefined && !this.#overrunPending;
  }

  #send(request: PendingRequest<RequestObserver>, inline: boolean): void {
    const { traits } = request;
    let slab: Slab | undefined;
    try {
      const length = this.#scratch.encode(request);
      // A trace subscriber may send a request, and the scratch still holds this one: delivering defers the sending.
      if (this.#trace.isSentObserved) this.#deliver(() => this.#trace.sent(this.#scratch.bytes.subarray(0, length)));
      this.#sends++;
      if (inline && (traits.endsBy === 'ack' || traits.endsBy === 'reply')) {
        slab = this.#room.exchange(this.connection, this.#scratch.bytes, length, traits.expected);
        if (slab === undefined && this.connection.overrunPending === true) this.#overrunPending = true;
      } else if (!this.connection.send(this.#scratch.bytes, length)) {
        throw new NetlinkError("EAGAIN send: the kernel socket's send buffer is full", {
          errno: -Errno.EAGAIN,
          operation: traits.operation,
        });
      }
    } catch (error) {
      const failed = [...this.exchange.unfold(request), request];
      this.exchange.withdraw(request);
      this.#deliver(() => failed.forEach(({ context }) => context.error(error as NetlinkError)));
      return;
    }
    this.#announceSent(request);
    if (slab !== undefined) this.#deliverReplies(slab, request);
  }

  /** Returns true if a request could be answered at once, and nothing else would receive the answer. */
  #mayAsk(): boolean {
    if (!this.#maySend() || !this.exchange.isIdle || !this.#budget.allows() || this.#streams.observed) return false;
    this.#trace.refresh();
    return !this.#trace.active && !this.#trace.isSentObserved;
  }

  /** Delivers the answer to a request of {@link Session.ask}. */
  #answer(reply: Message | undefined, subscriber: Pick<RequestSubscriber, 'closed'>, outcome: RequestOutcome): void {
    if (this.#budget.spend()) this.#transport.defer(() => this.#nextTurn());
    this.#delivering = true;
    try {
      if (reply !== undefined) outcome.next(reply);
      // A subscriber may unsubscribe, or close the socket, when it receives the reply.
      if (subscriber.closed) return;
      if (this.#failure === undefined) outcome.complete();
      else outcome.error(this.#failure);
    } finally {
      this.#delivering = false;
    }
  }

  /** Reports to a request that it was sent, and completes it if its protocol never replies: `#deliver` without a function for each request. */
  #announceSent({ context, traits }: PendingRequest<RequestObserver>): void {
    const outer = this.#delivering;
    this.#delivering = true;
    try {
      context.sent();
      if (traits.endsBy === 'sending') context.complete();
    } finally {
      this.#delivering = outer;
    }
  }

  /** Delivers the replies of a request that were read right after sending, and keeps the slab for the other subscribers. */
  #deliverReplies(slab: Slab, request: PendingRequest<RequestObserver>): void {
    this.#trace.refresh();
    if (this.#budget.spend(true)) this.#transport.defer(() => this.#nextTurn());
    const { published } = this.#trace;
    const all = this.#dispatchReplies(slab, request);
    // The end of the queue counts only in order: slabs that were read before may not have been delivered yet.
    const keep = this.#trace.active || this.#streams.observed || slab.lost || (slab.drained && this.exchange.awaitsDrain);
    if (all && !keep && !slab.isDetached) {
      if (request.context.keepsNothing === true && this.#trace.published === published) this.#room.takeBack(slab.frame, slab.start);
      return;
    }
    this.#overrunPending ||= slab.lost || slab.isDetached;
    this.#early.push({ slab, answered: request, sends: this.#sends });
  }

  /** `#deliver` without a function for each request. */
  #dispatchReplies(slab: Slab, request: PendingRequest<RequestObserver>): boolean {
    const outer = this.#delivering;
    this.#delivering = true;
    try {
      return this.#dispatcher.dispatchReplies(slab, request);
    } finally {
      this.#delivering = outer;
    }
  }

  #nextTurn(): void {
    this.#budget.renew();
    if (this.#failure !== undefined) return;
    this.#flush();
    this.#pump();
  }

  /** Sends dumps again later. A dump of `send()` keeps them from starting, and the kernel does not report its end. */
  #retryDumps(): void {
    asyncScheduler.schedule(() => {
      this.exchange.releaseDumps();
      this.#pump();
    }, DUMP_RETRY_DELAY);
  }
}
