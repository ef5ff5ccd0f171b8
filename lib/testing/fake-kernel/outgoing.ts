import { MessageFlags, MessageType, encodeMessages, type Message, type MessageInit } from '../../wire/index.js';
import type { FakeSocket, Reply } from '../reply/reply.js';

/** A datagram that is sent to a socket: messages, or bytes that are sent unchanged. @internal */
export type Outgoing = readonly MessageInit[] | Uint8Array;

/** Calls the builders among the replies, and fills in omitted fields. @internal */
export function resolveReplies(replies: readonly Reply[], request: Message, socket: FakeSocket): (MessageInit | Uint8Array)[] {
  return replies.map((reply) => {
    if (reply instanceof Uint8Array) return reply;
    const init = typeof reply === 'function' ? reply(request, socket) : reply;
    return { ...init, sequence: init.sequence ?? request.sequence, portId: init.portId ?? socket.portId };
  });
}

/** Returns true if one of the replies ends the request. @internal */
export function endsRequest(replies: readonly (MessageInit | Uint8Array)[]): boolean {
  return replies.some((reply) => reply instanceof Uint8Array || reply.type === MessageType.Error || reply.type === MessageType.Done);
}

/**
 * Groups replies into datagrams as the kernel does: one datagram for each reply, except that parts of a multipart reply share one.
 *
 * @param partsPerDatagram - The number of parts in a datagram; if omitted, a multipart reply is split into two halves.
 * @internal
 */
export function toDatagrams(replies: readonly (MessageInit | Uint8Array)[], partsPerDatagram?: number): Outgoing[] {
  const datagrams: Outgoing[] = [];
  let parts: MessageInit[] = [];
  const flush = (): void => {
    const share = partsPerDatagram ?? Math.ceil(parts.length / 2);
    for (let from = 0; from < parts.length; from += share) datagrams.push(parts.slice(from, from + share));
    parts = [];
  };
  for (const reply of replies) {
    if (!(reply instanceof Uint8Array) && ((reply.flags ?? 0) & MessageFlags.Multi) !== 0) {
      parts.push(reply);
      if (reply.type === MessageType.Done) flush();
    } else {
      flush();
      datagrams.push(reply instanceof Uint8Array ? reply : [reply]);
    }
  }
  flush();
  return datagrams;
}

/** Encodes a datagram; if `interrupted`, flags its messages as parts of an interrupted dump. @internal */
export function encodeOutgoing(outgoing: Outgoing, interrupted = false): Uint8Array {
  if (outgoing instanceof Uint8Array) return outgoing;
  if (!interrupted) return encodeMessages(outgoing);
  return encodeMessages(outgoing.map((init) => ({ ...init, flags: (init.flags ?? 0) | MessageFlags.DumpInterrupted })));
}
