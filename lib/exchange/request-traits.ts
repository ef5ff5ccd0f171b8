import { MessageFlags, MessageType, Protocol, type MessageInit } from '../wire/index.js';
import { encodedSize } from '../wire/internal.js';
import { DUMP_NUMBERS, answersAfterAck, isDumpRequest, neverAcks, neverReplies } from './protocol-profile.js';

/** The properties of a request besides its bytes. @internal */
export interface RequestTraits {
  /** The name of the operation in errors and traces. */
  readonly operation: string;
  /** The flags with which it is sent. */
  readonly flags: number;
  /**
   * The end of the request: the DONE of a dump, an ack, the first reply (if no ack was requested), the end of the last
   * request in the same datagram, the sending itself (if the protocol never replies), or an empty queue (the end of a
   * transaction, which older kernels do not acknowledge).
   */
  readonly endsBy: 'done' | 'ack' | 'reply' | 'datagram' | 'sending' | 'drained';
  /** True if the ack arrives before the reply. */
  readonly answerAfterAck: boolean;
  /** The bytes of the receive queue that its unread replies may fill. */
  readonly cost: number;
  /** The number of datagrams that usually answer it: an ack, or a reply and an ack. */
  readonly expected: number;
  /** The number of sequence numbers that belong to it: its own, and those after it that its replies may have. */
  readonly numbers: number;
}

/** Options for the submission of a request. @internal */
export interface SubmitOptions {
  /** True for a dump; guessed from type and flags if omitted. */
  readonly dump?: boolean | undefined;
  /** True to request an ack, which is the default. */
  readonly ack?: boolean | undefined;
  /** The name of the operation in errors. */
  readonly operation: string;
}

// The bytes of the receive queue that an unread ack, and a reply of unknown size, fill, including the kernel's overhead.
const ACK_COST = 832;
const REPLY_COST = 4096;

/**
 * Returns the traits of a request: its end, its flags, and the cost of its replies.
 *
 * @param inDatagram - True if other requests follow in the datagram.
 * @internal
 */
export function requestTraits(protocol: number, init: MessageInit, options: SubmitOptions, inDatagram = false): RequestTraits {
  const { type, flags = 0 } = init;
  const { operation, dump = isDumpRequest(protocol, type, flags), ack = true } = options;
  const unanswered = neverReplies(protocol);
  const requestsAck = ack && !inDatagram && !neverAcks(protocol);
  const replies = mayReply(protocol, type, flags);
  return {
    operation,
    flags: flags | MessageFlags.Request | (requestsAck ? MessageFlags.Ack : 0),
    endsBy: unanswered ? 'sending' : inDatagram ? 'datagram' : dump ? 'done' : requestsAck ? 'ack' : 'reply',
    answerAfterAck: answersAfterAck(protocol, type),
    // A dump waits for space in the queue.
    cost: dump ? 0 : requestCost(protocol, init),
    expected: replies && requestsAck ? 2 : 1,
    numbers: dump && protocol === Protocol.Generic ? DUMP_NUMBERS : 1,
  };
}

/**
 * Returns the bytes of the receive queue that the replies to a request, except a dump, may fill.
 *
 * @param size - The size of the request, if it is known.
 * @internal
 */
export function requestCost(protocol: number, init: MessageInit, size?: number): number {
  if (neverReplies(protocol)) return 0;
  return ACK_COST + (size ?? encodedSize(init)) + (mayReply(protocol, init.type, init.flags ?? 0) ? REPLY_COST : 0);
}

/**
 * Returns the number of datagrams that answer a request which asks for an ack and follows the common rules: an ack, or a reply and an ack.
 *
 * @returns 0 for a dump, for a request with its own sequence number or port ID, and for one that its protocol answers in another way.
 * @internal
 */
export function usualReplies(protocol: number, { type, flags = 0, sequence, portId }: MessageInit): number {
  if (sequence !== undefined || portId !== undefined || isDumpRequest(protocol, type, flags)) return 0;
  if (neverAcks(protocol) || answersAfterAck(protocol, type)) return 0;
  return mayReply(protocol, type, flags) ? 2 : 1;
}

function mayReply(protocol: number, type: number, flags: number): boolean {
  const onlyAcked = protocol === Protocol.Route && type >= MessageType.Minimum && (type & 3) !== 2;
  return !onlyAcked || (flags & MessageFlags.Echo) !== 0;
}
