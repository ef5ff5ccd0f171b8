import type { Message, MessageInit } from '../wire/index.js';
import { InFlight } from './in-flight.js';
import { PendingRequest, Step } from './pending-request.js';
import { Trust, isAddressed, isTrusted } from './reply-trust.js';
import { RequestBlock, type DatagramEntries } from './request-block.js';
import { requestCost, requestTraits, type SubmitOptions } from './request-traits.js';
import { SequenceCounter } from './sequence-counter.js';

/** How an exchange is set up. @internal */
export interface ExchangeOptions {
  /** The socket's protocol: some have rules of their own. */
  readonly protocol: number;
  /** Port ID of the open socket. */
  readonly portId: number;
  /** How much of the receive queue unread replies may take, in bytes. */
  readonly window: number;
  /** First sequence number; a random one where left out. */
  readonly firstSequence?: number;
}

/**
 * Who asked what, and which message answers it: requests in, messages in, outcomes out. No I/O, no time.
 *
 * Requests wait until there is room for their replies in the kernel's queue, and dumps until the one before has ended.
 * The caller takes them with {@link Exchange.next}, sends them, and shows every message that comes back to
 * {@link Exchange.match} and {@link Exchange.advance}.
 *
 * @typeParam Context - What the caller keeps with a request: who waits for it.
 * @internal
 */
export class Exchange<Context> {
  /** How much of the receive queue unread replies may take, in bytes. */
  window: number;

  readonly #protocol: number;
  readonly #portId: number;
  readonly #waiting = new Set<PendingRequest<Context>>();
  #waitingDumps = new Set<PendingRequest<Context>>();
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

  /** How many requests were sent and have not ended, abandoned ones included. */
  get inFlight(): number {
    return this.#sent.size;
  }

  /** How many requests (a datagram of several counts as one) wait to be sent. */
  get waiting(): number {
    return this.#waiting.size + this.#waitingDumps.size;
  }

  /** Whether a request was sent that ends, or is sent again, when the queue runs empty. */
  get awaitsDrain(): boolean {
    for (const request of this.#sent.values()) if (request.endsWhenDrained || request.inDoubt || request.block !== undefined) return true;
    return false;
  }

  /** How much of the receive queue the replies to what was sent may still take, in bytes. */
  get owed(): number {
    return this.#owed;
  }

  /** Takes a sequence number that no request in flight has. */
  takeSequence(): number {
    return this.#sent.takeSequence();
  }

  /** Puts a request at the end of the queue. One that brings a sequence number waits until no other in flight has it. */
  submit(init: MessageInit, options: SubmitOptions, context: Context): PendingRequest<Context> {
    const request = new PendingRequest(init, requestTraits(this.#protocol, init, options), context);
    this.#waiting.add(request);
    return request;
  }

  /**
   * Puts several requests at the end of the queue that go out in one datagram; only the last asks for an ack.
   *
   * @param endsBy - What the end of the last is, where that is no ack.
   * @returns The last. The others end with it: whoever waits for them is told only what comes for one of them alone.
   * @throws RangeError if there is none, or if two bring the same sequence number.
   */
  submitDatagram(entries: DatagramEntries<Context>, endsBy?: 'drained'): PendingRequest<Context> {
    const { inits } = entries;
    const index = inits.length - 1;
    const init = inits[index];
    if (init === undefined) throw new RangeError('datagram: expected at least one request, got none');
    const block = index === 0 ? undefined : new RequestBlock(this.#protocol, entries);
    const traits = requestTraits(this.#protocol, init, { dump: false, ack: endsBy === undefined, operation: entries.operation(index) });
    const cost = inits.reduce((sum, one) => sum + requestCost(this.#protocol, one), 0);
    const last = new PendingRequest(init, { ...traits, cost, ...(endsBy && { endsBy }) }, entries.context(index), block);
    this.#waiting.add(last);
    return last;
  }

  /** Takes the next request that may be sent now. It has its sequence number and counts as sent. */
  next(): PendingRequest<Context> | undefined {
    if (this.#waiting.size === 0 && this.#waitingDumps.size === 0) return undefined;
    const dumpsBlocked = this.#runningDump !== undefined || this.#dumpsHeld;
    if (!dumpsBlocked) for (const dump of this.#waitingDumps) if (!this.#clashes(dump)) return this.#start(dump);
    for (const request of this.#waiting) {
      if (request.isDump && dumpsBlocked) {
        // Set aside, so that what comes after it need not wait for the dump that runs.
        this.#waiting.delete(request);
        this.#waitingDumps.add(request);
        continue;
      }
      const fits = this.#owed === 0 || this.#owed + request.traits.cost <= this.window;
      return fits && !this.#clashes(request) ? this.#start(request) : undefined;
    }
    return undefined;
  }

  /**
   * Finds the request that a message belongs to.
   *
   * @param message - Anything received.
   * @param trust - How far its datagram is believed.
   */
  match(message: Message, trust: Trust): PendingRequest<Context> | undefined {
    if (trust === Trust.None) return undefined;
    return this.matchHeader(message.sequence, message.portId, trust);
  }

  /** As {@link Exchange.match}, where only these two fields are left of a message. */
  matchHeader(sequence: number, portId: number, trust: Trust): PendingRequest<Context> | undefined {
    if (this.#sent.isEmpty) return undefined;
    const latest = this.#latest;
    const request = latest?.sequence === sequence && isTrusted(trust, latest.traits.flags) ? latest : this.#sent.find(sequence, trust);
    if (request === undefined) return undefined;
    if (!isAddressed(portId, this.#portId, request.portId)) return undefined;
    this.#latest = request;
    return request;
  }

  /**
   * Lets a request take a message that {@link Exchange.match} found to be its own.
   *
   * A request that has ended by it is forgotten when this returns, and so are those that end with it.
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
   * Makes those known that stand before a request in its datagram.
   *
   * @returns Those of them that have not ended.
   */
  unfold(last: PendingRequest<Context>): PendingRequest<Context>[] {
    return this.#sent.unfold(last);
  }

  /** Lets dumps be sent again after one was refused because a foreign one runs. */
  releaseDumps(): void {
    this.#dumpsHeld = false;
  }

  /** Forgets a request: it could not be sent, or nothing it may still say is of any use. */
  withdraw(request: PendingRequest<Context>): void {
    this.#waiting.delete(request);
    this.#waitingDumps.delete(request);
    this.#settle(request);
  }

  /**
   * Says that nobody waits for a request any more, nor for the others of a datagram that it is the last of. What was sent
   * already has happened; its replies are read and ignored.
   */
  abandon(request: PendingRequest<Context>): void {
    request.abandoned = true;
    if (request.block !== undefined) for (const member of request.block.members.values()) member.abandoned = true;
    this.#waiting.delete(request);
    this.#waitingDumps.delete(request);
  }

  /** Abandons a request of whose answer a part was broken: it may be the part that ends it. */
  spoil(request: PendingRequest<Context>): void {
    request.spoilt = true;
    this.abandon(request);
  }

  /**
   * Says that the queue was read empty: whatever the kernel had to say to requests that were sent is read.
   *
   * Dumps may be due to be sent again after it.
   *
   * @returns Requests that have ended by that; one that has failed has its `error`.
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
        // A refusal of one made the kernel leave the others of the datagram aside (nfnetlink without the capability).
        for (const one of [...this.unfold(request), request]) {
          this.#settle(one);
          one.leaveUnanswered();
          if (!one.abandoned) ended.push(one);
        }
      }
    }
    return ended;
  }

  /**
   * Says that messages were lost and the queue was read empty.
   *
   * A dump waits for room in the queue and goes on; one that has said nothing yet may never have started and is sent
   * again under the same number: where it did start, the kernel refuses the second one and nobody notices.
   *
   * @returns Requests whose replies may be among the lost; they are forgotten.
   */
  overrun(): PendingRequest<Context>[] {
    const failed: PendingRequest<Context>[] = [];
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

  /** Empties the exchange, because the socket is gone. Returns all requests that somebody waits for; the last of a datagram stands for all. */
  clear(): PendingRequest<Context>[] {
    const all = [...this.#sent.list(), ...this.#waitingDumps, ...this.#waiting].filter((request) => !request.abandoned);
    this.#sent.clear();
    this.#waiting.clear();
    this.#waitingDumps.clear();
    this.#latest = undefined;
    this.#runningDump = undefined;
    this.#dumpsHeld = false;
    this.#owed = 0;
    return all;
  }

  #start(request: PendingRequest<Context>): PendingRequest<Context> {
    this.#waiting.delete(request);
    this.#waitingDumps.delete(request);
    this.#sent.add(request, this.#portId);
    this.#owed += request.traits.cost;
    if (request.isDump) this.#runningDump = request;
    return request;
  }

  /** Puts a dump that was sent at the head of the dump queue: it was the first. */
  #sendAgain(dump: PendingRequest<Context>): void {
    this.#waitingDumps = new Set([dump, ...this.#waitingDumps]);
  }

  /** Tells whether a request, or another of its datagram, has a number that is in flight. */
  #clashes({ sequence, init, block }: PendingRequest<Context>): boolean {
    const number = sequence === 0 ? init.sequence : sequence;
    if (number !== undefined && this.#sent.has(number)) return true;
    return block?.numbered.some((index) => this.#sent.has(block.sequenceOf(index))) === true;
  }

  /** Forgets a request, and those that end with it. */
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
