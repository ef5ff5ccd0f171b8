import { concatWith, defer, EMPTY, filter, map, throwError, type OperatorFunction } from 'rxjs';
import { DecodeError, DumpInterruptedError, errnoNumber } from '../errors/index.js';
import { isInterrupted } from '../exchange/index.js';
import { MessageFlags, MessageType, isAck, type Message } from '../wire/index.js';
import { isOwn, kernelErrorIn } from './kernel-error-in.js';

const ENOBUFS = errnoNumber('ENOBUFS');

/**
 * Emits each multipart reply as one array of its parts.
 *
 * Parts are messages with the MULTI flag that answer the same request; other replies may come between them. DONE ends a
 * reply, and so does an ack after the first part; neither is in the array. An empty dump is an empty array. Every other
 * message is an array of one: single replies, other acks, and messages to a group or from another sender than the kernel,
 * even if they have the MULTI flag.
 *
 * The operator keeps a reply in memory until it has ended; {@link untilDone} emits a dump row by row.
 *
 * ```text
 * source:  --a--b--a--x--(aD)--(bE)--|     a, b = parts of two replies, D, E = their DONE, x = a single reply
 *          reassemble()
 * result:  -----------x--y-----z-----|     x = [x], y = [a, a, a], z = [b, b]
 * source:  ^-------------------------!
 * ```
 *
 * @returns An operator from messages to whole replies.
 * @throws {@link KernelError} as the error signal, if the kernel rejects a request or ends a reply with an error.
 * @throws {@link DumpInterruptedError} as the error signal instead of a reply, if its table changed meanwhile; `partial` holds the parts.
 * @throws {@link DecodeError} as the error signal, if the source completes before the end of a reply.
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
        concatWith(defer(() => (assembly.open === 0 ? EMPTY : throwError(() => assembly.incomplete())))),
      );
    });
}

/** A multipart reply that has not ended yet. */
interface OpenReply {
  readonly sequence: number;
  readonly portId: number;
  readonly parts: Message[];
  interrupted: boolean;
}

/** The multipart replies that have not ended, by sequence number and port ID. */
class Assembly {
  readonly #replies = new Map<string, OpenReply>();
  #latest: OpenReply | undefined;

  /** The number of replies that have begun and not ended. */
  get open(): number {
    return this.#replies.size;
  }

  /** Adds a message; returns the reply that it completes. */
  take(message: Message): Message[] | undefined {
    if (!isOwn(message)) return [message];
    if (isAck(message)) return this.#end(message);
    if ((message.flags & MessageFlags.Multi) === 0) return [message];
    const reply = this.#find(message) ?? this.#begin(message);
    reply.parts.push(message);
    reply.interrupted ||= isInterrupted(message);
    return undefined;
  }

  /** Returns the error for a source that completed while replies are open. */
  incomplete(): DecodeError {
    const parts = [...this.#replies.values()].reduce((sum, reply) => sum + reply.parts.length, 0);
    return new DecodeError(`reassemble(): the source completed before DONE of ${this.open} multipart replies (${parts} parts received)`, 0);
  }

  #end(message: Message): Message[] | undefined {
    const reply = this.#find(message);
    const error = kernelErrorIn(message);
    if (error !== undefined) {
      // The receive queue was full for an ack (ENOBUFS); the parts of a dump wait for space and follow.
      if (reply !== undefined && error.errno === ENOBUFS && message.type === MessageType.Error) return undefined;
      throw error;
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
    // Consecutive messages usually belong to the same reply.
    const { sequence, portId } = message;
    if (this.#latest?.sequence === sequence && this.#latest.portId === portId) return this.#latest;
    return (this.#latest = this.#replies.get(keyOf(message)));
  }
}

function keyOf({ sequence, portId }: Message): string {
  return `${sequence} ${portId}`;
}
