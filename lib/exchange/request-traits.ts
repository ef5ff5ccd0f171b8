import { MessageFlags, MessageType, Protocol, encodedSize, type MessageInit } from '../wire/index.js';
import type { RequestTraits } from './pending-request.js';
import { answersAfterAck, isDumpRequest, neverAcks, neverReplies } from './protocol-profile.js';

/** How a request is to be treated. @internal */
export interface SubmitOptions {
  /** Whether it is a dump; guessed from type and flags where left out. */
  readonly dump?: boolean | undefined;
  /** Whether to ask for an ack; true where left out. */
  readonly ack?: boolean | undefined;
  /** How errors call it. */
  readonly operation: string;
}

// What unread replies take of the receive queue, their bookkeeping included: an ack alone, and a reply of unknown size.
const ACK_COST = 832;
const REPLY_COST = 4096;

/**
 * Works out how a request ends, with which flags it is sent, and what its replies may cost.
 *
 * @param inDatagram - True for a request that is followed by others in its datagram.
 * @internal
 */
export function requestTraits(protocol: number, init: MessageInit, options: SubmitOptions, inDatagram = false): RequestTraits {
  const { type, flags = 0 } = init;
  const { operation, dump = isDumpRequest(protocol, type, flags), ack = true } = options;
  const silent = neverReplies(protocol);
  const asksForAck = ack && !inDatagram && !neverAcks(protocol);
  const answers = mayAnswer(protocol, type, flags);
  return {
    operation,
    flags: flags | MessageFlags.Request | (asksForAck ? MessageFlags.Ack : 0),
    endsBy: silent ? 'sending' : inDatagram ? 'datagram' : dump ? 'done' : asksForAck ? 'ack' : 'reply',
    answerAfterAck: answersAfterAck(protocol, type),
    // A dump waits for room instead of filling it.
    cost: dump ? 0 : requestCost(protocol, init),
    expected: answers && asksForAck ? 2 : 1,
  };
}

/**
 * What the replies to a request that is no dump may take of the receive queue, in bytes.
 *
 * @internal
 */
export function requestCost(protocol: number, init: MessageInit): number {
  if (neverReplies(protocol)) return 0;
  return ACK_COST + encodedSize(init) + (mayAnswer(protocol, init.type, init.flags ?? 0) ? REPLY_COST : 0);
}

function mayAnswer(protocol: number, type: number, flags: number): boolean {
  const onlyAcked = protocol === Protocol.Route && type >= MessageType.Minimum && (type & 3) !== 2;
  return !onlyAcked || (flags & MessageFlags.Echo) !== 0;
}
