import { DecodeError, TruncatedError, type NetlinkError } from '../../errors/index.js';
import { Step, Trust, trustOf, type Exchange, type PendingRequest } from '../../exchange/index.js';
import { MESSAGE_HEADER_SIZE, Message, MessageFlags, MessageType, Protocol, alignLength, type DatagramOrigin } from '../../wire/index.js';
import { messageLength, type Frame } from '../../wire/internal.js';
import type { Slab, SlabEntry } from '../transport/slab.js';
import type { SocketStreams } from './streams.js';
import type { Trace } from './trace.js';

/** Who waits for a request. None of these throws. @internal */
export interface Waiter {
  /** It went out just now. */
  sent(): void;
  /** It has to be sent again, and waits for its turn. */
  waiting(): void;
  next(message: Message): void;
  complete(): void;
  error(error: NetlinkError): void;
}

/** What a dispatcher hands messages to. @internal */
export interface DispatcherTargets {
  readonly protocol: number;
  /** Whose datagrams to accept. */
  readonly sender: 'kernel' | 'any';
  readonly exchange: Exchange<Waiter>;
  readonly streams: SocketStreams;
  readonly trace: Trace;
  /** A dump was refused because a foreign one runs. */
  busy(): void;
}

/**
 * Takes what was received apart and hands each message to those whom it concerns: the socket's own streams first, in the
 * kernel's order, then the request that it answers.
 *
 * @internal
 */
export class Dispatcher {
  readonly #targets: DispatcherTargets;
  readonly #framed: boolean;
  #stopped = false;

  constructor(targets: DispatcherTargets) {
    this.#targets = targets;
    this.#framed = targets.protocol !== Protocol.KobjectUevent;
  }

  /**
   * Hands on everything in a slab.
   *
   * @param served - A request that has had its share already, by {@link Dispatcher.serve}.
   */
  dispatch(slab: Slab, served?: PendingRequest<Waiter>): void {
    for (let index = 0; index < slab.count && !this.#stopped; index++) this.#datagram(slab.frame, slab.entry(index), served);
  }

  /**
   * Hands on only what answers one request, ahead of its turn.
   *
   * @returns True where that was all there is in the slab.
   */
  serve(slab: Slab, request: PendingRequest<Waiter>): boolean {
    const { frame } = slab;
    const { trace } = this.#targets;
    let all = true;
    for (let index = 0; index < slab.count && !this.#stopped; index++) {
      const { start, end, length, origin } = slab.entry(index);
      const trust = trustOf(origin);
      if (trust !== Trust.Reply) all = false;
      if (trust === Trust.None) continue;
      try {
        refuseCut(start, end, length);
        for (let at = start; end - at >= MESSAGE_HEADER_SIZE && !this.#stopped;) {
          const size = lengthOrBreak(frame, at, end);
          if (isFor(request, frame.words[(at >> 2) + 2]!)) {
            const message = new Message(frame, at, origin);
            if (!this.#reply(message, trust) && trust === Trust.Reply) trace.stray(message);
          } else all = false;
          at += alignLength(size);
        }
      } catch (error) {
        if (!(error instanceof BrokenDatagram)) throw error;
        // Counted, and told to others whom it concerns, when the slab has its turn.
        all = false;
        if (namesRequest(frame, error.at, end, request)) this.#failNamed(error, frame, end, origin);
      }
    }
    return all;
  }

  /** Says that the session is over, maybe in the middle of a slab: what is left of it concerns nobody. */
  stop(): void {
    this.#stopped = true;
  }

  #datagram(frame: Frame, entry: SlabEntry, served: PendingRequest<Waiter> | undefined): void {
    const { start, end, length, origin } = entry;
    const { streams, trace, sender } = this.#targets;
    if (origin.sender.portId !== 0 && sender === 'kernel') {
      trace.spoofed(frame.bytes.subarray(start, end), origin);
      return;
    }
    if (length > end - start) trace.truncated(length, end - start);
    else if (streams.datagrams.size > 0) streams.datagrams.next({ bytes: frame.bytes.subarray(start, end), ...origin });
    try {
      refuseCut(start, end, length);
      if (!this.#framed) {
        if (trace.active) trace.receivedText(frame.bytes.subarray(start, end));
        return;
      }
      const trust = trustOf(origin);
      for (let at = start; end - at >= MESSAGE_HEADER_SIZE && !this.#stopped;) {
        const size = lengthOrBreak(frame, at, end);
        this.#message(frame, at, origin, trust, served);
        at += alignLength(size);
      }
    } catch (error) {
      if (!(error instanceof BrokenDatagram)) throw error;
      this.#broken(error, frame, end, origin, served);
    }
  }

  /** Hands a message to all whom it concerns; where that is nobody, no object is made of it. */
  #message(frame: Frame, at: number, origin: DatagramOrigin, trust: Trust, served: PendingRequest<Waiter> | undefined): void {
    const { streams, trace, exchange } = this.#targets;
    let message: Message | undefined;
    if (trace.active) trace.received((message = new Message(frame, at, origin)));
    if (streams.messages.size > 0) streams.messages.next((message ??= new Message(frame, at, origin)));
    // Looked up for each: whoever resubscribes in the middle of a datagram wants the rest of it.
    if (origin.group !== 0) streams.group(origin.group)?.next((message ??= new Message(frame, at, origin)));
    if (trust === Trust.None || this.#stopped) return;
    const sequence = frame.words[(at >> 2) + 2]!;
    if (served !== undefined && isFor(served, sequence)) return;
    const request = exchange.matchHeader(sequence, frame.words[(at >> 2) + 3]!, trust);
    if (request !== undefined) this.#advance(request, message ?? new Message(frame, at, origin));
    else if (trust === Trust.Reply) trace.stray(message ?? new Message(frame, at, origin));
  }

  /** Hands a message to the request that it answers; false where there is none. */
  #reply(message: Message, trust: Trust): boolean {
    const request = this.#targets.exchange.match(message, trust);
    if (request !== undefined) this.#advance(request, message);
    return request !== undefined;
  }

  #advance(request: PendingRequest<Waiter>, message: Message): void {
    const { context, abandoned } = request;
    const step = this.#targets.exchange.advance(request, message);
    if (step === Step.Reply) {
      if (!abandoned) context.next(message);
      return;
    }
    switch (step) {
      case Step.LastReply:
        if (!abandoned) context.next(message);
        this.#end(request);
        break;
      case Step.Complete:
        if (message.type === MessageType.Error && (message.flags & MessageFlags.AckAttributes) !== 0)
          this.#targets.trace.warning(message, request);
        this.#end(request);
        break;
      case Step.Fail:
        this.#end(request);
        break;
      case Step.Busy:
        context.waiting();
        this.#targets.busy();
        break;
      default:
    }
  }

  /** Ends what has ended because the queue was read empty. */
  drained(): void {
    for (const request of this.#targets.exchange.drained()) this.#end(request);
  }

  /** Tells whoever waits how a request has ended. */
  #end({ abandoned, context, error }: PendingRequest<Waiter>): void {
    if (abandoned) return;
    if (error === undefined) context.complete();
    else context.error(error);
  }

  /** Reports bytes that are no messages: to the request that they name, else to everybody who reads messages. */
  #broken(broken: BrokenDatagram, frame: Frame, end: number, origin: DatagramOrigin, served: PendingRequest<Waiter> | undefined): void {
    const { streams } = this.#targets;
    if (served !== undefined && namesRequest(frame, broken.at, end, served)) return;
    if (this.#failNamed(broken, frame, end, origin)) return;
    if (broken.reason instanceof TruncatedError) streams.failAll(broken.reason);
    else streams.failMessages(broken.reason);
  }

  /** Fails the request that the rest of a broken datagram names; false where it names none. */
  #failNamed({ at, reason }: BrokenDatagram, frame: Frame, end: number, origin: DatagramOrigin): boolean {
    if (end - at < MESSAGE_HEADER_SIZE) return false;
    const { exchange } = this.#targets;
    const request = exchange.matchHeader(frame.words[(at >> 2) + 2]!, frame.words[(at >> 2) + 3]!, trustOf(origin));
    if (request === undefined) return false;
    // What else it says is still to be read, and a dump has to end before the next one starts.
    const { abandoned } = request;
    const all = abandoned ? [] : [...exchange.unfold(request), request];
    exchange.abandonMalformed(request);
    for (const one of all) one.context.error(reason);
    return true;
  }
}

/** Thrown to leave a datagram from the place on where it is no messages any more. */
class BrokenDatagram extends Error {
  readonly at: number;
  readonly reason: DecodeError | TruncatedError;

  constructor(at: number, reason: DecodeError | TruncatedError) {
    super(reason.message);
    this.at = at;
    this.reason = reason;
  }
}

/** Tells whether a message is for a request, or for another of its datagram. */
function isFor({ sequence, block }: PendingRequest<Waiter>, number: number): boolean {
  return number === sequence || block?.owns(number) === true;
}

function namesRequest(frame: Frame, at: number, end: number, request: PendingRequest<Waiter>): boolean {
  return end - at >= MESSAGE_HEADER_SIZE && isFor(request, frame.words[(at >> 2) + 2]!);
}

function refuseCut(start: number, end: number, length: number): void {
  if (length > end - start) throw new BrokenDatagram(start, new TruncatedError(length, end - start));
}

/** Checks where a message ends; one that is broken loses the rest of its datagram. */
function lengthOrBreak(frame: Frame, at: number, end: number): number {
  try {
    return messageLength(frame, at, end);
  } catch (error) {
    throw error instanceof DecodeError ? new BrokenDatagram(at, error) : error;
  }
}
