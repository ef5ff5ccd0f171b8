import { Errno, DecodeError, DumpInterruptedError, NetlinkError } from '../errors/index.js';
import { MessageFlags, MessageType, decodeAck, encodeMessage, type Message, type MessageInit } from '../wire/index.js';
import { highHalf, lowHalf } from '../wire/internal.js';
import { isInterrupted } from './is-interrupted.js';
import { kernelErrorOf } from './kernel-error-of.js';
import type { RequestBlock } from './request-block.js';
import type { RequestTraits } from './request-traits.js';

const PART_FLAGS = MessageFlags.Multi | MessageFlags.DumpInterrupted;

/** The result of advancing a request by one message. @internal */
export const Step = {
  /** The message is a reply. */
  Reply: 0,
  /** The message is the last reply. */
  LastReply: 1,
  /** The message ended the request and is not a reply. */
  Complete: 2,
  /** The message ended the request with `request.error`. */
  Fail: 3,
  /** The message is not a reply; the request continues. */
  Continue: 4,
  /** Another dump runs on the socket (EBUSY): the request must be sent again. */
  Busy: 5,
} as const;
Object.freeze(Step);

/** @internal */
export type Step = (typeof Step)[keyof typeof Step];

/**
 * A request from submission to its end, as a state machine over its messages.
 *
 * @typeParam Context - The data that the caller stores with the request.
 * @internal
 */
export class PendingRequest<Context = unknown> {
  readonly init: MessageInit;
  readonly traits: RequestTraits;
  readonly context: Context;
  /** The requests before it in the same datagram, which end with it. */
  readonly block: RequestBlock<PendingRequest<Context>> | undefined;
  /** 0 until it is sent. */
  sequence = 0;
  /** Port ID in its header, by default that of the socket. */
  portId = 0;
  /** True after its subscriber has unsubscribed; replies may still arrive. */
  abandoned = false;
  /** True after a part of its reply was malformed; that part may have been the end. */
  malformed = false;
  /** True after the first reply of the kernel. */
  seen = false;
  /** The error, after it failed. */
  error: NetlinkError | undefined;

  #done = false;
  #acked = false;
  #answered = false;
  #interrupted = false;
  #resent = false;
  #inDoubt = false;

  constructor(init: MessageInit, traits: RequestTraits, context: Context, block?: RequestBlock<PendingRequest<Context>>) {
    this.init = init;
    this.traits = traits;
    this.context = context;
    this.block = block;
  }

  get isDump(): boolean {
    return this.traits.endsBy === 'done';
  }

  /**
   * True if an empty queue ends the request. After DONE an expected ack may never arrive, because the kernel treated the
   * request as a dump. After a malformed part the end may be lost: the kernel queues the next part of a running dump as
   * soon as one is read, so an empty queue means that the dump has ended.
   */
  get endsWhenDrained(): boolean {
    return this.#done || this.malformed || this.traits.endsBy === 'drained';
  }

  /**
   * True if it was sent again, was rejected with EBUSY, and no reply has arrived since. Reading the rejection lets a running
   * dump continue; so if the queue is empty now, the running dump was another one.
   */
  get inDoubt(): boolean {
    return this.#inDoubt;
  }

  /** True if a usual part changes nothing: it has replied, and is not in doubt. */
  get isSteady(): boolean {
    return this.seen && !this.#inDoubt;
  }

  /**
   * Tests whether a message is a part of this dump without `NLM_F_DUMP_INTR`: most messages of a dump are.
   *
   * @param words - The memory of its datagram.
   * @param at - The index of its first word.
   */
  isUsualPart(words: Uint32Array, at: number): boolean {
    const kind = words[at + 1]!;
    if (lowHalf(kind) < MessageType.Minimum || (highHalf(kind) & PART_FLAGS) !== MessageFlags.Multi) return false;
    return words[at + 2] === this.sequence && words[at + 3] === this.portId;
  }

  /** Advances the request by the next message with its sequence number. */
  advance(message: Message): Step {
    const { type } = message;
    if (type >= MessageType.Minimum || type === 0) return this.#reply(message);
    if (type !== MessageType.Error && type !== MessageType.Done) return Step.Continue;
    try {
      return type === MessageType.Error ? this.#advanceByError(message) : this.#advanceByDone(message);
    } catch (error) {
      if (!(error instanceof DecodeError)) throw error;
      this.error = error;
      return Step.Fail;
    }
  }

  /** Ends the request with ECANCELED, because the kernel did not process it. */
  failUnprocessed(): void {
    const { operation } = this.traits;
    this.error = new NetlinkError(
      `ECANCELED ${operation}: the kernel rejected another request of the same datagram and did not process this one`,
      {
        errno: -Errno.ECANCELED,
        operation,
      },
    );
  }

  /** Ends the request without an ack, because the queue is empty after DONE. */
  endDrained(): void {
    this.#complete();
  }

  /** Notes that the request is sent again with the same number: a dump without a reply at an overrun. */
  resend(): void {
    this.#resent = true;
    this.#inDoubt = false;
  }

  /** Returns the message as it was sent. */
  bytes(): Uint8Array {
    return encodeMessage({ ...this.init, flags: this.traits.flags, sequence: this.sequence, portId: this.portId });
  }

  #reply(message: Message): Step {
    this.seen = true;
    this.#inDoubt = false;
    if (isInterrupted(message)) this.#interrupted = true;
    if ((message.flags & MessageFlags.Multi) !== 0) return Step.Reply;
    this.#answered = true;
    const { endsBy } = this.traits;
    return endsBy === 'reply' || (endsBy === 'ack' && this.#acked) ? Step.LastReply : Step.Reply;
  }

  #advanceByError(message: Message): Step {
    const { errno } = decodeAck(message);
    if (errno === 0) {
      this.#acked = true;
      return this.traits.answerAfterAck && !this.#done && !this.#answered ? Step.Continue : this.#complete();
    }
    if (this.isDump) {
      if (errno === -Errno.ENOBUFS) {
        // The receive queue was full for an ack (ENOBUFS); parts and DONE of the dump follow.
        this.seen = true;
        return Step.Continue;
      }
      if (errno === -Errno.EBUSY) {
        this.#inDoubt = this.#resent;
        return this.#resent ? Step.Continue : Step.Busy;
      }
    }
    return this.#reject(message);
  }

  #advanceByDone(message: Message): Step {
    if (isInterrupted(message)) this.#interrupted = true;
    if (decodeAck(message).errno < 0) return this.#reject(message);
    if (this.traits.endsBy === 'datagram') return Step.Continue;
    if (this.traits.endsBy === 'ack' && !this.#acked) {
      this.#done = true;
      return Step.Continue;
    }
    return this.#complete();
  }

  #complete(): Step {
    if (!this.#interrupted) return Step.Complete;
    this.error = new DumpInterruptedError(this.traits.operation);
    return Step.Fail;
  }

  #reject(message: Message): Step {
    const { operation } = this.traits;
    // EAGAIN: the rows moved while the kernel walked them (ila: the hash table was resized; devlink: a new report replaced the old one).
    const isRepeatable = this.isDump && decodeAck(message).errno === -Errno.EAGAIN;
    this.error = isRepeatable ? new DumpInterruptedError(operation) : kernelErrorOf(message, operation, this.bytes());
    return Step.Fail;
  }
}
