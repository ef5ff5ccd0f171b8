import { DecodeError, DumpInterruptedError, NetlinkError } from '../errors/index.js';
import { MessageFlags, MessageType, decodeAck, encodeMessage, type Message, type MessageInit } from '../wire/index.js';
import { isInterrupted } from './is-interrupted.js';
import { kernelErrorOf } from './kernel-error-of.js';
import type { RequestBlock } from './request-block.js';

/** What became of a message that belongs to a request. @internal */
export const Step = {
  /** It is a reply: hand it on. */
  Reply: 0,
  /** It is a reply, and the last one. */
  LastReply: 1,
  /** It was the end, and no reply itself. */
  Complete: 2,
  /** It ended the request with an error, now in `request.error`. */
  Fail: 3,
  /** It is neither; the request goes on. */
  Continue: 4,
  /** Another dump runs on the socket: the request has to be sent again. */
  Busy: 5,
} as const;
Object.freeze(Step);

/** @internal */
export type Step = (typeof Step)[keyof typeof Step];

/** What is known of a request beside its bytes. @internal */
export interface RequestTraits {
  /** How errors and traces call it. */
  readonly operation: string;
  /** The flags that it is sent with. */
  readonly flags: number;
  /**
   * What its end is: the DONE of a dump, an ack, the first reply (where no ack was asked for), the end of the last
   * request in the same datagram, that it was sent at all (where nobody ever replies), or that the queue has run empty (the
   * end of a transaction, of which older kernels say nothing).
   */
  readonly endsBy: 'done' | 'ack' | 'reply' | 'datagram' | 'sending' | 'drained';
  /** The ack comes before the reply. */
  readonly answerAfterAck: boolean;
  /** Queue room that its unread replies may take, in bytes. */
  readonly cost: number;
  /** How many datagrams it brings where nothing is unusual: an ack, or a reply and an ack. */
  readonly expected: number;
}

const EBUSY = -16;
const ENOBUFS = -105;
const ECANCELED = -125;

/**
 * One request from submission to its end, as a state machine over the messages that belong to it.
 *
 * @typeParam Context - Whatever the caller wants to find again when a message arrives.
 * @internal
 */
export class PendingRequest<Context = unknown> {
  readonly init: MessageInit;
  readonly traits: RequestTraits;
  readonly context: Context;
  /** Requests before it in the same datagram: its end is theirs too. */
  readonly block: RequestBlock<Context> | undefined;
  /** 0 until it is sent. */
  sequence = 0;
  /** Port ID of the socket that sent it. */
  portId = 0;
  /** Nobody waits for it any more, but its replies are still to come. */
  abandoned = false;
  /** A part of its answer was broken: its end may have been in there. */
  spoilt = false;
  /** The kernel has begun to answer it. */
  seen = false;
  /** Why it failed, once it did. */
  error: NetlinkError | undefined;

  #done = false;
  #acked = false;
  #answered = false;
  #interrupted = false;
  #resent = false;
  #inDoubt = false;

  constructor(init: MessageInit, traits: RequestTraits, context: Context, block?: RequestBlock<Context>) {
    this.init = init;
    this.traits = traits;
    this.context = context;
    this.block = block;
  }

  get isDump(): boolean {
    return this.traits.endsBy === 'done';
  }

  /**
   * True after DONE, while an ack is due that may never come: the kernel may have taken the request for a dump. And where the
   * end may have been in what was broken: a dump that runs has its next part in the queue as soon as one was read.
   */
  get endsWhenDrained(): boolean {
    return this.#done || this.spoilt || this.traits.endsBy === 'drained';
  }

  /**
   * True where it was sent again, refused because a dump runs, and nothing has come since. Reading that refusal makes a
   * dump that runs go on, so if the queue runs empty now, it was another one.
   */
  get inDoubt(): boolean {
    return this.#inDoubt;
  }

  /** Takes the next message that carries its sequence number. */
  advance(message: Message): Step {
    const { type } = message;
    if (type >= MessageType.Minimum || type === 0) return this.#reply(message);
    if (type !== MessageType.Error && type !== MessageType.Done) return Step.Continue;
    try {
      return type === MessageType.Error ? this.#acknowledged(message) : this.#finished(message);
    } catch (error) {
      if (!(error instanceof DecodeError)) throw error;
      this.error = error;
      return Step.Fail;
    }
  }

  /** Ends it because the kernel has not even looked at it. */
  leaveUnanswered(): void {
    const { operation } = this.traits;
    this.error = new NetlinkError(
      `ECANCELED ${operation}: the kernel rejected another request of the same datagram and did not process this one`,
      {
        errno: ECANCELED,
        operation,
      },
    );
  }

  /** Ends it without the ack, because the queue ran empty after DONE. */
  endDrained(): void {
    this.#complete();
  }

  /** Notes that it goes out once more under the same number: a dump of which an overrun left no trace. */
  resend(): void {
    this.#resent = true;
    this.#inDoubt = false;
  }

  /** The message as it went out. */
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

  #acknowledged(message: Message): Step {
    const { errno } = decodeAck(message);
    if (errno === 0) {
      this.#acked = true;
      return this.traits.answerAfterAck && !this.#done && !this.#answered ? Step.Continue : this.#complete();
    }
    if (this.isDump) {
      if (errno === ENOBUFS) {
        // The queue was full for an ack, not for the dump: parts and DONE follow.
        this.seen = true;
        return Step.Continue;
      }
      if (errno === EBUSY) {
        this.#inDoubt = this.#resent;
        return this.#resent ? Step.Continue : Step.Busy;
      }
    }
    return this.#refused(message);
  }

  #finished(message: Message): Step {
    if (isInterrupted(message)) this.#interrupted = true;
    if (decodeAck(message).errno < 0) return this.#refused(message);
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

  #refused(message: Message): Step {
    this.error = kernelErrorOf(message, this.traits.operation, this.bytes());
    return Step.Fail;
  }
}
