import { DecodeError, TruncatedError } from '../../errors/index.js';
import { Step, Trust, trustOf, type Exchange, type PendingRequest } from '../../exchange/index.js';
import { MESSAGE_HEADER_SIZE, Message, MessageFlags, MessageType, Protocol, alignLength, type DatagramOrigin } from '../../wire/index.js';
import { messageLength, type Frame } from '../../wire/internal.js';
import type { Slab, SlabEntry } from '../transport/slab.js';
import type { RequestObserver } from '../request/request-observer.js';
import type { SocketStreams } from './streams.js';
import type { Trace } from './trace.js';

/** The targets that a dispatcher delivers messages to. @internal */
export interface DispatcherTargets {
  readonly protocol: number;
  /** The senders whose datagrams are accepted. */
  readonly sender: 'kernel' | 'any';
  readonly exchange: Exchange<RequestObserver>;
  readonly streams: SocketStreams;
  readonly trace: Trace;
  /** Called when the kernel rejects a dump because another one runs on the socket. */
  busy(): void;
}

/**
 * Splits received slabs into messages and delivers each message: first to the socket's streams, in the kernel's order, then
 * to the request that it answers.
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
   * Delivers all messages of a slab.
   *
   * @param answered - A request that has already received its messages, by {@link Dispatcher.dispatchReplies}.
   */
  dispatch(slab: Slab, answered?: PendingRequest<RequestObserver>): void {
    for (let index = 0; index < slab.count && !this.#stopped && !slab.isDetached; index++) {
      this.#datagram(slab.frame, slab.entry(index), answered);
    }
  }

  /**
   * Delivers only the replies to one request, before the slabs that were read earlier.
   *
   * @returns True if the slab holds nothing else.
   */
  dispatchReplies(slab: Slab, request: PendingRequest<RequestObserver>): boolean {
    const { frame } = slab;
    const { trace } = this.#targets;
    let all = true;
    for (let index = 0; index < slab.count && !this.#stopped && !slab.isDetached; index++) {
      const { start, end, length, origin } = slab.entry(index);
      const trust = trustOf(origin);
      if (trust !== Trust.Reply) all = false;
      if (trust === Trust.None) continue;
      try {
        checkComplete(start, end, length);
        for (let at = start; end - at >= MESSAGE_HEADER_SIZE && !this.#stopped && !frame.isDetached;) {
          const size = checkedLength(frame, at, end);
          if (isFor(request, frame.words[(at >> 2) + 2]!)) {
            const message = new Message(frame, at, origin);
            if (!this.#reply(message, trust) && trust === Trust.Reply) trace.stray(message);
          } else all = false;
          at += alignLength(size);
        }
      } catch (error) {
        if (!(error instanceof MalformedDatagram)) throw error;
        // The other subscribers receive the error when the slab is dispatched.
        all = false;
        if (namesRequest(frame, error.at, end, request)) this.#failNamed(error, frame, end, origin);
      }
    }
    return all;
  }

  /** Stops the delivery, also in the middle of a slab: the session has ended. */
  stop(): void {
    this.#stopped = true;
  }

  #datagram(frame: Frame, entry: SlabEntry, answered: PendingRequest<RequestObserver> | undefined): void {
    const { start, end, length, origin } = entry;
    const { streams, trace, sender } = this.#targets;
    if (origin.sender.portId !== 0 && sender === 'kernel') {
      trace.spoofed(frame.bytes.subarray(start, end), origin);
      return;
    }
    if (length > end - start) trace.truncated(length, end - start);
    else if (streams.datagrams.size > 0) streams.datagrams.next({ bytes: frame.bytes.subarray(start, end), ...origin });
    try {
      checkComplete(start, end, length);
      if (!this.#framed) {
        if (trace.active) trace.receivedText(frame.bytes.subarray(start, end));
        return;
      }
      const trust = trustOf(origin);
      let at = trust === Trust.Reply ? this.#parts(frame, start, end, origin) : start;
      while (end - at >= MESSAGE_HEADER_SIZE && !this.#stopped && !frame.isDetached) {
        const size = checkedLength(frame, at, end);
        this.#message(frame, at, origin, trust, answered);
        at += alignLength(size);
      }
    } catch (error) {
      if (!(error instanceof MalformedDatagram)) throw error;
      this.#fail(error, frame, end, origin, answered);
    }
  }

  /**
   * Delivers the parts of the running dump at the head of a datagram of {@link Trust.Reply}, if nothing else receives them: as
   * {@link Dispatcher.#message} does, but in one loop, because its calls for each part take a tenth of the time of a dump.
   *
   * @returns The offset of the first message that it has not delivered.
   */
  #parts(frame: Frame, start: number, end: number, origin: DatagramOrigin): number {
    const { streams, trace, exchange } = this.#targets;
    const dump = exchange.steadyDump();
    let at = start;
    if (dump === undefined || trace.active) return at;
    const { context } = dump;
    const { words } = frame;
    // A subscriber of the dump may unsubscribe, subscribe to the socket's messages, close the socket, or transfer the memory: its words are then 0.
    while (end - at >= MESSAGE_HEADER_SIZE && !this.#stopped && !dump.abandoned && streams.messages.size === 0) {
      const length = words[at >> 2]!;
      if (length < MESSAGE_HEADER_SIZE || length > end - at || !dump.isUsualPart(words, at >> 2)) break;
      context.next(new Message(frame, at, origin));
      at += alignLength(length);
    }
    return at;
  }

  /** Delivers a message to all of its subscribers. It creates no `Message` if there are none. */
  #message(frame: Frame, at: number, origin: DatagramOrigin, trust: Trust, answered: PendingRequest<RequestObserver> | undefined): void {
    const { streams, trace, exchange } = this.#targets;
    let message: Message | undefined;
    if (trace.active) trace.received((message = new Message(frame, at, origin)));
    if (streams.messages.size > 0) streams.messages.next((message ??= new Message(frame, at, origin)));
    // Looked up for each message: a subscriber that resubscribes in the middle of a datagram receives the rest of it.
    if (origin.group !== 0) streams.group(origin.group)?.next((message ??= new Message(frame, at, origin)));
    if (trust === Trust.None || this.#stopped) return;
    const sequence = frame.words[(at >> 2) + 2]!;
    if (answered !== undefined && isFor(answered, sequence)) return;
    let request = exchange.matchHeader(sequence, frame.words[(at >> 2) + 3]!, trust);
    if (request === undefined && trust === Trust.Reply)
      request = exchange.matchByCommand((message ??= new Message(frame, at, origin)), trust);
    if (request !== undefined) this.#advance(request, message ?? new Message(frame, at, origin));
    else if (trust !== Trust.Reply) return;
    else if (streams.unsolicited.size > 0) streams.unsolicited.next(message ?? new Message(frame, at, origin));
    else trace.stray(message ?? new Message(frame, at, origin));
  }

  /** Delivers a message to the request that it answers. Returns false if there is none. */
  #reply(message: Message, trust: Trust): boolean {
    const request = this.#targets.exchange.match(message, trust);
    if (request !== undefined) this.#advance(request, message);
    return request !== undefined;
  }

  #advance(request: PendingRequest<RequestObserver>, message: Message): void {
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
        context.requeued();
        this.#targets.busy();
        break;
      default:
    }
  }

  /** Ends the requests that an empty receive queue ends. */
  drained(): void {
    for (const request of this.#targets.exchange.drained()) this.#end(request);
  }

  /** Reports the outcome of a request to its observer. */
  #end({ abandoned, context, error }: PendingRequest<RequestObserver>): void {
    if (abandoned) return;
    if (error === undefined) context.complete();
    else context.error(error);
  }

  /** Reports malformed bytes to the request that they name, else to all subscribers of messages. */
  #fail(
    malformed: MalformedDatagram,
    frame: Frame,
    end: number,
    origin: DatagramOrigin,
    answered: PendingRequest<RequestObserver> | undefined,
  ): void {
    const { streams } = this.#targets;
    if (answered !== undefined && namesRequest(frame, malformed.at, end, answered)) return;
    if (this.#failNamed(malformed, frame, end, origin)) return;
    if (malformed.reason instanceof TruncatedError) streams.failAll(malformed.reason);
    else streams.failMessages(malformed.reason);
  }

  /** Fails the request that the rest of a malformed datagram names. Returns false if it names none. */
  #failNamed({ at, reason }: MalformedDatagram, frame: Frame, end: number, origin: DatagramOrigin): boolean {
    if (end - at < MESSAGE_HEADER_SIZE) return false;
    const { exchange } = this.#targets;
    const request = exchange.matchHeader(frame.words[(at >> 2) + 2]!, frame.words[(at >> 2) + 3]!, trustOf(origin));
    if (request === undefined) return false;
    // The request stays registered: its further replies must be read, and a dump must end before the next one starts.
    const { abandoned } = request;
    const all = abandoned ? [] : [...exchange.unfold(request), request];
    exchange.abandonMalformed(request);
    for (const one of all) one.context.error(reason);
    return true;
  }
}

/** Signals that the rest of a datagram, from `at`, does not hold messages. */
class MalformedDatagram extends Error {
  readonly at: number;
  readonly reason: DecodeError | TruncatedError;

  constructor(at: number, reason: DecodeError | TruncatedError) {
    super(reason.message);
    this.at = at;
    this.reason = reason;
  }
}

/** Returns true if a sequence number belongs to a request, or to another request of its datagram. */
function isFor({ sequence, block }: PendingRequest<RequestObserver>, number: number): boolean {
  return number === sequence || block?.owns(number) === true;
}

function namesRequest(frame: Frame, at: number, end: number, request: PendingRequest<RequestObserver>): boolean {
  return end - at >= MESSAGE_HEADER_SIZE && isFor(request, frame.words[(at >> 2) + 2]!);
}

/** Throws if a datagram was truncated. */
function checkComplete(start: number, end: number, length: number): void {
  if (length > end - start) throw new MalformedDatagram(start, new TruncatedError(length, end - start));
}

/** Returns the length of a message. A length that is not valid makes the rest of the datagram unreadable. */
function checkedLength(frame: Frame, at: number, end: number): number {
  try {
    return messageLength(frame, at, end);
  } catch (error) {
    throw error instanceof DecodeError ? new MalformedDatagram(at, error) : error;
  }
}
