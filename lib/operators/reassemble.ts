import { concatWith, defer, EMPTY, filter, map, throwError, type OperatorFunction } from 'rxjs';
import { DecodeError, DumpInterruptedError, errnoNumber } from '../errors/index.js';
import { isInterrupted } from '../exchange/index.js';
import { MessageFlags, MessageType, isAck, type Message } from '../wire/index.js';
import { isOwn, refusalOf } from './refusal.js';

const ENOBUFS = errnoNumber('ENOBUFS');

/**
 * Collects the parts of multipart replies: emits each reply whole, as an array.
 *
 * Parts that are flagged MULTI and answer the same request belong together; other replies may come between them. DONE ends
 * a reply, and so does an ack while parts stand open; neither is in the array. An empty dump is an empty array. Whatever is
 * no part of anything is an array of one: single replies, other acks, and all that was sent to a group or not by the kernel,
 * also where it bears the MULTI flag.
 *
 * A reply is kept in memory until it has ended: {@link untilDone} hands a dump on row by row.
 *
 * ```text
 * source:  --a--b--a--x--(aD)--(bE)--|     a, b = parts of two replies, D, E = their DONE, x = a single reply
 *          reassemble()
 * result:  -----------x--y-----z-----|     x = [x], y = [a, a, a], z = [b, b]
 * source:  ^-------------------------!
 * ```
 *
 * @returns An operator from messages to whole replies.
 * @throws {@link KernelError} as the error signal, if the kernel refuses something or breaks a reply off.
 * @throws {@link DumpInterruptedError} as the error signal in place of a reply whose objects changed meanwhile, its parts in `partial`.
 * @throws {@link DecodeError} as the error signal, if the source completes within a reply.
 * @example A dump as one array
 * ```ts
 * socket.pipe(repliesTo(sent), reassemble(), take(1)).subscribe((links) => console.log(links.length));
 * ```
 * @see {@link retryInterruptedDump}
 * @public
 */
export function reassemble(): OperatorFunction<Message, Message[]> {
  return (source) =>
    defer(() => {
      const assembly = new Assembly();
      return source.pipe(
        map((message) => assembly.take(message)),
        filter((reply) => reply !== undefined),
        concatWith(defer(() => (assembly.open === 0 ? EMPTY : throwError(() => assembly.cut())))),
      );
    });
}

/** The parts of a reply that has not ended yet. */
interface OpenReply {
  readonly sequence: number;
  readonly portId: number;
  readonly parts: Message[];
  interrupted: boolean;
}

/** Multipart replies on their way, each known by its request. */
class Assembly {
  readonly #replies = new Map<string, OpenReply>();
  #latest: OpenReply | undefined;

  /** How many replies have begun and not ended. */
  get open(): number {
    return this.#replies.size;
  }

  /** Takes a message; gives back the reply that is whole by it. */
  take(message: Message): Message[] | undefined {
    if (!isOwn(message)) return [message];
    if (isAck(message)) return this.#end(message);
    if ((message.flags & MessageFlags.Multi) === 0) return [message];
    const reply = this.#find(message) ?? this.#begin(message);
    reply.parts.push(message);
    reply.interrupted ||= isInterrupted(message);
    return undefined;
  }

  /** What is wrong where nothing comes any more. */
  cut(): DecodeError {
    const parts = [...this.#replies.values()].reduce((sum, reply) => sum + reply.parts.length, 0);
    return new DecodeError(`reassemble(): the source completed before DONE of ${this.open} multipart replies (${parts} parts received)`, 0);
  }

  #end(message: Message): Message[] | undefined {
    const reply = this.#find(message);
    const refusal = refusalOf(message);
    if (refusal !== undefined) {
      // The queue was full for an ack; the parts of a dump wait for room and go on.
      if (reply !== undefined && refusal.errno === ENOBUFS && message.type === MessageType.Error) return undefined;
      throw refusal;
    }
    if (reply === undefined && message.type === MessageType.Error) return [message];
    this.#latest = undefined;
    this.#replies.delete(keyOf(message));
    const parts = reply?.parts ?? [];
    if (reply?.interrupted === true || isInterrupted(message)) throw new DumpInterruptedError('dump', parts);
    return parts;
  }

  #begin(message: Message): OpenReply {
    const reply: OpenReply = { sequence: message.sequence, portId: message.portId, parts: [], interrupted: false };
    this.#replies.set(keyOf(message), reply);
    return reply;
  }

  #find(message: Message): OpenReply | undefined {
    // Parts come in runs.
    const { sequence, portId } = message;
    if (this.#latest?.sequence === sequence && this.#latest.portId === portId) return this.#latest;
    return (this.#latest = this.#replies.get(keyOf(message)));
  }
}

function keyOf({ sequence, portId }: Message): string {
  return `${sequence} ${portId}`;
}
