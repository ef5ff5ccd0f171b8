import type { Message, MessageInit } from '../wire/index.js';
import { omitUndefined } from '../check/index.js';
import { InFlight } from './in-flight.js';
import { PendingRequest, Step } from './pending-request.js';
import { answersByCommand } from './protocol-profile.js';
import { Trust, isAddressed, isTrusted } from './reply-trust.js';
import { RequestBlock, type DatagramEntries } from './request-block.js';
import { RequestQueue } from './request-queue.js';
import { requestCost, requestTraits, type SubmitOptions } from './request-traits.js';
import { SequenceCounter } from './sequence-counter.js';

/** Options of an {@link Exchange}. @internal */
export interface ExchangeOptions {
  /** The protocol of the socket; some protocols have special rules. */
  readonly protocol: number;
  /** Port ID of the open socket. */
  readonly portId: number;
  /** The part of the receive queue that unread replies may fill, in bytes. */
  readonly window: number;
  /** First sequence number; random if omitted. */
  readonly firstSequence?: number;
}

/**
 * A state machine that assigns messages to requests: requests and messages in, outcomes out. No I/O, no time.
 *
 * A request waits until the kernel's receive queue has space for its replies; a dump waits until the previous dump has
 * ended. The caller takes requests with {@link Exchange.next}, sends them, and passes every received message to
 * {@link Exchange.match} and {@link Exchange.advance}, except the usual parts of {@link Exchange.steadyDump}.
 *
 * @typeParam Context - The data that the caller stores with a request, e.g. its observer.
 * @internal
 */
export class Exchange<Context> {
  /** The part of the receive queue that unread replies may fill, in bytes. */
  window: number;

  readonly #protocol: number;
  readonly #portId: number;
  readonly #waiting = new RequestQueue<Context>();
  /** The dumps that wait for the running one. */
  readonly #waitingDumps = new RequestQueue<Context>();
  readonly #sent: InFlight<Context>;
  #runningDump: PendingRequest<Context> | undefined;
  #dumpsHeld = false;
  #latest: PendingRequest<Context> | undefined;
  #owed = 0;

  constructor({ protocol, portId, window, firstSequence }: ExchangeOptions) {
    this.#protocol = protocol;
    this.#portId = portId;
    this.window = window;
    this.#sent = new InFlight(new SequenceCounter(firstSequence));
  }

  /** The number of requests that were sent and have not ended, including abandoned ones. */
  get inFlight(): number {
    return this.#sent.size;
  }

  /** The number of requests that wait to be sent; a datagram of several counts as one. */
  get waiting(): number {
    return this.#waiting.size + this.#waitingDumps.size;
  }

  /** True if no request waits, and none that was sent is unanswered. */
  get isIdle(): boolean {
    return this.#sent.isEmpty && this.#waiting.isEmpty && this.#waitingDumps.isEmpty;
  }

  /** True if an empty queue ends a sent request, or causes one to be sent again. */
  get awaitsDrain(): boolean {
    if (this.#sent.isEmpty) return false;
    for (const request of this.#sent.values()) if (request.endsWhenDrained || request.inDoubt || request.block !== undefined) return true;
    return false;
  }

  /** The bytes of the receive queue that outstanding replies may still fill. */
  get owed(): number {
    return this.#owed;
  }

  /** Returns a sequence number that no request in flight has. */
  takeSequence(): number {
    return this.#sent.takeSequence();
  }

  /** Adds a request to the end of the queue. A request with its own sequence number waits until no other in flight has it. */
  submit(init: MessageInit, options: SubmitOptions, context: Context): PendingRequest<Context> {
    const request = new PendingRequest(init, requestTraits(this.#protocol, init, options), context);
    this.#waiting.add(request);
    return request;
  }

  /**
   * Submits a request, and starts it if {@link Exchange.next} would return it now.
   *
   * @returns The request. It was started if it has a sequence number.
   */
  submitNow(init: MessageInit, options: SubmitOptions, context: Context): PendingRequest<Context> {
    const request = new PendingRequest(init, requestTraits(this.#protocol, init, options), context);
    // Dumps that wait for the running one do not delay other requests.
    const isFirst = this.#waiting.isEmpty && (this.#dumpsBlocked() ? !request.isDump : this.#waitingDumps.isEmpty);
    if (isFirst && this.#fits(request)) this.#register(request);
    else this.#waiting.add(request);
    return request;
  }

  /** Adds a request that was sent while the exchange was idle, with a number of {@link Exchange.takeSequence}. */
  submitSent(init: MessageInit, options: SubmitOptions, context: Context, sequence: number): PendingRequest<Context> {
    const request = new PendingRequest(init, requestTraits(this.#protocol, init, options), context);
    request.sequence = sequence;
    return this.#register(request);
  }

  /**
   * Adds several requests for one datagram to the end of the queue; only the last requests an ack.
   *
   * @param endsBy - How the last request ends, if not by an ack.
   * @returns The last request. The others end with it; their contexts are used only if a message for one of them arrives.
   * @throws RangeError if there is no request, or if two have the same sequence number.
   */
  submitDatagram(entries: DatagramEntries<Context>, endsBy?: 'drained'): PendingRequest<Context> {
    const { inits } = entries;
    const index = inits.length - 1;
    const init = inits[index];
    if (init === undefined) throw new RangeError('datagram: expected at least one request, got none');
    const block = index === 0 ? undefined : new RequestBlock(inits, (member) => this.#blockMember(entries, member));
    const traits = requestTraits(this.#protocol, init, { dump: false, ack: endsBy === undefined, operation: entries.operation(index) });
    const cost = entries.cost ?? inits.reduce((sum, one) => sum + requestCost(this.#protocol, one), 0);
    const last = new PendingRequest(init, { ...traits, cost, ...omitUndefined({ endsBy }) }, entries.context(index), block);
    this.#waiting.add(last);
    return last;
  }

  /** Returns the next request that may be sent now. It has its sequence number and counts as sent. */
  next(): PendingRequest<Context> | undefined {
    if (this.#waiting.isEmpty && this.#waitingDumps.isEmpty) return undefined;
    const dumpsBlocked = this.#dumpsBlocked();
    if (!dumpsBlocked) for (const dump of this.#waitingDumps.values()) if (!this.#clashes(dump)) return this.#start(dump);
    for (const request of this.#waiting.values()) {
      if (request.isDump && dumpsBlocked) {
        // Moved to the dump queue, so that requests after it do not wait for the running dump.
        this.#waiting.delete(request);
        this.#waitingDumps.add(request);
        continue;
      }
      return this.#fits(request) ? this.#start(request) : undefined;
    }
    return undefined;
  }

  /**
   * Returns the request that a message belongs to.
   *
   * @param message - A received message.
   * @param trust - The trust in its datagram.
   */
  match(message: Message, trust: Trust): PendingRequest<Context> | undefined {
    if (trust === Trust.None) return undefined;
    return this.matchHeader(message.sequence, message.portId, trust) ?? this.matchByCommand(message, trust);
  }

  /** Returns the running dump if a message with another sequence number answers it. */
  matchByCommand(message: Message, trust: Trust): PendingRequest<Context> | undefined {
    const dump = this.#runningDump;
    if (dump === undefined || trust !== Trust.Reply) return undefined;
    return answersByCommand(this.#protocol, dump, message) ? dump : undefined;
  }

  /**
   * Returns the running dump if {@link Exchange.advance} would do nothing for its usual parts: see {@link PendingRequest.isUsualPart}.
   *
   * Only datagrams of {@link Trust.Reply} contain its parts.
   */
  steadyDump(): PendingRequest<Context> | undefined {
    const dump = this.#runningDump;
    return dump?.isSteady === true ? dump : undefined;
  }

  /** Returns the request as {@link Exchange.match}, for a message of which only these two fields are known. */
  matchHeader(sequence: number, portId: number, trust: Trust): PendingRequest<Context> | undefined {
    if (this.#sent.isEmpty) return undefined;
    const latest = this.#latest;
    // Two numbers are compared, never `undefined`: V8 then needs no call.
    const isLatest = latest !== undefined && latest.sequence === sequence && isTrusted(trust, latest.traits.flags);
    const request = isLatest ? latest : this.#sent.find(sequence, trust);
    if (request === undefined) return undefined;
    if (!isAddressed(portId, this.#portId, request.portId)) return undefined;
    this.#latest = request;
    return request;
  }

  /**
   * Advances a request by a message that {@link Exchange.match} assigned to it.
   *
   * If the message ends the request, the exchange has removed it, and those that end with it, when this returns.
   */
  advance(request: PendingRequest<Context>, message: Message): Step {
    const step = request.advance(message);
    if (step === Step.Reply || step === Step.Continue) return step;
    this.#settle(request);
    if (step === Step.Busy) {
      if (request.abandoned) return Step.Continue;
      this.#dumpsHeld = true;
      this.#sendAgain(request);
    }
    return step;
  }

  /**
   * Registers the requests before the last one of a datagram.
   *
   * @returns The registered requests that have not ended.
   */
  unfold(last: PendingRequest<Context>): PendingRequest<Context>[] {
    return this.#sent.unfold(last);
  }

  /** Allows dumps again after the kernel rejected one with EBUSY because another dump runs on the socket. */
  releaseDumps(): void {
    this.#dumpsHeld = false;
  }

  /** Removes a request that could not be sent, or whose further replies are not needed. */
  withdraw(request: PendingRequest<Context>): void {
    this.#waiting.delete(request);
    this.#waitingDumps.delete(request);
    this.#settle(request);
  }

  /**
   * Marks a request as abandoned by its subscriber, with the others of a datagram that it is the last of. A request that was
   * sent is not undone; its replies are read and ignored.
   */
  abandon(request: PendingRequest<Context>): void {
    request.abandoned = true;
    if (request.block !== undefined) for (const member of request.block.members.values()) member.abandoned = true;
    this.#waiting.delete(request);
    this.#waitingDumps.delete(request);
  }

  /** Abandons a request after a part of its reply was malformed: that part may have been the end. */
  abandonMalformed(request: PendingRequest<Context>): void {
    request.malformed = true;
    this.abandon(request);
  }

  /**
   * Notes that the receive queue is empty, so all replies that the kernel has sent so far are read.
   *
   * Afterwards {@link Exchange.next} may return a dump that must be sent again.
   *
   * @returns The requests that ended by this; a failed one has its `error`.
   */
  drained(): PendingRequest<Context>[] {
    if (this.#sent.isEmpty) return [];
    const ended: PendingRequest<Context>[] = [];
    for (const request of this.#sent.list()) {
      if (!this.#sent.holds(request)) continue;
      if (request.endsWhenDrained) {
        request.endDrained();
        this.#settle(request);
        if (!request.abandoned) ended.push(request);
      } else if (request.inDoubt) {
        this.#settle(request);
        if (!request.abandoned) this.#sendAgain(request);
      } else if (request.abandoned && !request.isDump) this.#settle(request);
      else if (request.block !== undefined) {
        // The kernel rejected one and skipped the other requests of the datagram (nfnetlink without CAP_NET_ADMIN).
        for (const one of [...this.unfold(request), request]) {
          this.#settle(one);
          one.failUnprocessed();
          if (!one.abandoned) ended.push(one);
        }
      }
    }
    return ended;
  }

  /**
   * Notes that messages were lost and that the receive queue is empty.
   *
   * A running dump waits for space in the queue and continues. A dump without a reply may not have started, so it is sent
   * again with the same number; if it had started, the kernel rejects the second one with EBUSY, which is ignored.
   *
   * @param partsLost - True if messages were lost after they had been read: parts of the running dump may be among them.
   * @returns The requests whose replies may be lost. The exchange has removed them, except the dump, whose further replies it ignores.
   */
  overrun(partsLost = false): PendingRequest<Context>[] {
    const failed: PendingRequest<Context>[] = [];
    const dump = partsLost ? this.#runningDump : undefined;
    if (dump?.abandoned === false) {
      failed.push(dump);
      this.abandonMalformed(dump);
    }
    for (const request of this.#sent.list()) {
      if (!this.#sent.holds(request) || (request.isDump && request.seen && !request.inDoubt)) continue;
      const others = request.abandoned ? [] : this.unfold(request);
      this.#settle(request);
      if (request.abandoned) continue;
      if (request.isDump) {
        request.resend();
        this.#sendAgain(request);
      } else failed.push(...others, request);
    }
    return failed;
  }

  /** Empties the exchange, because the socket is closed. Returns all requests that are not abandoned; the last of a datagram represents all of it. */
  clear(): PendingRequest<Context>[] {
    const all = [...this.#sent.list(), ...this.#waitingDumps.values(), ...this.#waiting.values()].filter((request) => !request.abandoned);
    this.#sent.clear();
    this.#waiting.clear();
    this.#waitingDumps.clear();
    this.#latest = undefined;
    this.#runningDump = undefined;
    this.#dumpsHeld = false;
    this.#owed = 0;
    return all;
  }

  /** Creates one of the requests before the last one of a datagram. */
  #blockMember(entries: DatagramEntries<Context>, index: number): PendingRequest<Context> {
    const init = entries.inits[index]!;
    const traits = requestTraits(this.#protocol, init, { dump: false, operation: entries.operation(index) }, true);
    return new PendingRequest(init, traits, entries.context(index));
  }

  /** A method: V8 calls its runtime for each read of a private getter. */
  #dumpsBlocked(): boolean {
    return this.#runningDump !== undefined || this.#dumpsHeld;
  }

  /** Tests whether the receive queue has space for the replies to a request, and its sequence number is free. */
  #fits(request: PendingRequest<Context>): boolean {
    return (this.#owed === 0 || this.#owed + request.traits.cost <= this.window) && !this.#clashes(request);
  }

  #start(request: PendingRequest<Context>): PendingRequest<Context> {
    this.#waiting.delete(request);
    this.#waitingDumps.delete(request);
    return this.#register(request);
  }

  #register(request: PendingRequest<Context>): PendingRequest<Context> {
    this.#sent.add(request, this.#portId);
    this.#owed += request.traits.cost;
    if (request.isDump) this.#runningDump = request;
    return request;
  }

  /** Moves a dump that was sent to the head of the dump queue. */
  #sendAgain(dump: PendingRequest<Context>): void {
    this.#waitingDumps.unshift(dump);
  }

  /** Tests whether a request, or another of its datagram, has a sequence number that is in flight. */
  #clashes({ sequence, init, block }: PendingRequest<Context>): boolean {
    const number = sequence === 0 ? init.sequence : sequence;
    if (number !== undefined && this.#sent.has(number)) return true;
    return block?.numbered.some((index) => this.#sent.has(block.sequenceOf(index))) === true;
  }

  /** Removes a request, and those that end with it. */
  #settle(request: PendingRequest<Context>): void {
    if (this.#latest === request) this.#latest = undefined;
    if (!this.#sent.remove(request)) return;
    if (request.block !== undefined) for (const member of request.block.members.values()) this.#settle(member);
    if (request.traits.endsBy !== 'datagram') this.#owed -= request.traits.cost;
    if (this.#runningDump === request) {
      this.#runningDump = undefined;
      this.#dumpsHeld = false;
    }
  }
}
