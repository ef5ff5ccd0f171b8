import { MESSAGE_HEADER_SIZE, MessageType, alignLength, type Message } from '../../wire/index.js';
import { answersAfterAck } from '../../exchange/index.js';
import { bytesEqual } from '../bytes-equal.js';
import type { CapturedDatagram, Capture } from './capture.js';
import { messagesOf } from '../fake-kernel/messages-of.js';
import { timeline } from './replay.js';

/** A datagram of the replies to a recorded request. @internal */
export interface RecordedReply {
  /** Milliseconds after the request. */
  readonly after: number;
  readonly bytes: Uint8Array;
}

/** A recorded request with its replies. @internal */
export interface RecordedRequest {
  readonly protocol: number;
  readonly request: Message;
  readonly replies: RecordedReply[];
}

/** A recorded unsolicited datagram. @internal */
export interface RecordedEvent {
  readonly due: number;
  readonly datagram: CapturedDatagram;
}

/** Returns the group of a notification that was captured without its group. @internal */
export type GroupOf = (message: Message, protocol: number) => number | undefined;

/**
 * Splits a capture into requests with their replies, and events.
 *
 * A reply has the sequence number and protocol of its request, its port ID (or the one that the kernel filled in for 0), and no
 * group. If groups were not captured, a message about an object that a request has changed is an event, not a reply.
 *
 * @internal
 */
export function conversation(capture: Capture, speed: number, groupOf: GroupOf): { requests: RecordedRequest[]; events: RecordedEvent[] } {
  const requests: RecordedRequest[] = [];
  const events: RecordedEvent[] = [];
  const open = new Map<string, { readonly recorded: RecordedRequest; readonly due: number }>();
  const findRequest = (reply: Message, protocol: number): { readonly recorded: RecordedRequest; readonly due: number } | undefined => {
    const asked = open.get(`${protocol} ${reply.sequence}`);
    if (asked === undefined) return undefined;
    const { request } = asked.recorded;
    if (request.portId !== 0 && request.portId !== reply.portId) return undefined;
    return isGet(request) || groupOf(reply, protocol) === undefined ? asked : undefined;
  };
  for (const { due, datagram } of timeline(capture, speed)) {
    const { protocol, bytes, group } = datagram;
    const messages = [...messagesOf(bytes)];
    const [first] = messages;
    if (datagram.direction === 'sent') {
      for (const message of messages) {
        const recorded = { protocol, request: message.copy(), replies: [] };
        requests.push(recorded);
        open.set(`${protocol} ${message.sequence}`, { recorded, due });
      }
      continue;
    }
    const asked = group === 0 && first !== undefined ? findRequest(first, protocol) : undefined;
    if (asked === undefined || first === undefined) {
      const eventGroup = group === 0 && first !== undefined ? groupOf(first, protocol) : group;
      if (eventGroup !== undefined && eventGroup !== 0) events.push({ due, datagram: { ...datagram, group: eventGroup } });
    } else {
      asked.recorded.replies.push({ after: due - asked.due, bytes });
      const isLast = messages.some(({ type }) => type === MessageType.Error || type === MessageType.Done);
      if (isLast && !answersAfterAck(protocol, asked.recorded.request.type)) open.delete(`${protocol} ${first.sequence}`);
    }
  }
  return { requests, events };
}

/** Returns true for an rtnetlink GET, which is answered by objects. Other protocols have no such types. */
function isGet({ type }: Message): boolean {
  return (type & 3) === 2;
}

/** Returns true if type, flags and payload of two requests are equal. @internal */
export function isSameRequest(left: Message, right: Message): boolean {
  return left.type === right.type && left.flags === right.flags && bytesEqual(left.payload, right.payload);
}

/** Returns a copy of a datagram that answers another request. @internal */
export function redirect(bytes: Uint8Array, { sequence, portId }: { readonly sequence: number; readonly portId: number }): Uint8Array {
  const copy = new Uint8Array(bytes);
  const words = new Uint32Array(copy.buffer, 0, copy.byteLength >> 2);
  for (let at = 0; copy.byteLength - at >= MESSAGE_HEADER_SIZE;) {
    words[(at >> 2) + 2] = sequence;
    words[(at >> 2) + 3] = portId;
    const length = words[at >> 2] ?? 0;
    if (length < MESSAGE_HEADER_SIZE) break;
    at += alignLength(length);
  }
  return copy;
}
