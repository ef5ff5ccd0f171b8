import { MESSAGE_HEADER_SIZE, MessageType, type Message } from '../../wire/index.js';
import { hex } from '../hex.js';
import type { CapturedDatagram, Capture } from './capture.js';
import { messagesOf } from '../fake-kernel/messages-of.js';
import { timeline } from './replay.js';

/** Part of a recorded answer. @internal */
export interface RecordedReply {
  /** Milliseconds after the request. */
  readonly after: number;
  readonly bytes: Uint8Array;
}

/** A recorded request and what was answered. @internal */
export interface RecordedRequest {
  readonly protocol: number;
  readonly request: Message;
  readonly replies: RecordedReply[];
}

/** Something the kernel said without being asked. @internal */
export interface RecordedEvent {
  readonly due: number;
  readonly datagram: CapturedDatagram;
}

/** Says the group of a notification that was captured without one. @internal */
export type GroupOf = (message: Message, protocol: number) => number | undefined;

/**
 * Tells requests, their replies and events of a capture apart.
 *
 * Replies carry their request's sequence number and protocol, its port ID or that which the kernel filled in for 0, and no group.
 * Where groups were not captured, an object that a request to change it brought about is an event, not its reply.
 *
 * @internal
 */
export function conversation(capture: Capture, speed: number, groupOf: GroupOf): { requests: RecordedRequest[]; events: RecordedEvent[] } {
  const requests: RecordedRequest[] = [];
  const events: RecordedEvent[] = [];
  const open = new Map<string, { readonly recorded: RecordedRequest; readonly due: number }>();
  const asking = (reply: Message, protocol: number): { readonly recorded: RecordedRequest; readonly due: number } | undefined => {
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
    const asked = group === 0 && first !== undefined ? asking(first, protocol) : undefined;
    if (asked === undefined || first === undefined) {
      const heard = group === 0 && first !== undefined ? groupOf(first, protocol) : group;
      if (heard !== undefined && heard !== 0) events.push({ due, datagram: { ...datagram, group: heard } });
    } else {
      asked.recorded.replies.push({ after: due - asked.due, bytes });
      if (messages.some(({ type }) => type === MessageType.Error || type === MessageType.Done))
        open.delete(`${protocol} ${first.sequence}`);
    }
  }
  return { requests, events };
}

/** rtnetlink's requests for objects, which are answered by objects; where there are no such types, all are. */
function isGet({ type }: Message): boolean {
  return (type & 3) === 2;
}

/** Tells whether two requests ask for the same: type, flags and payload. @internal */
export function asksTheSame(left: Message, right: Message): boolean {
  return left.type === right.type && left.flags === right.flags && hex(left.payload) === hex(right.payload);
}

/** Copies a datagram, as if it answered another request. @internal */
export function redirect(bytes: Uint8Array, { sequence, portId }: { readonly sequence: number; readonly portId: number }): Uint8Array {
  const copy = new Uint8Array(bytes);
  const words = new Uint32Array(copy.buffer, 0, copy.byteLength >> 2);
  for (let at = 0; copy.byteLength - at >= MESSAGE_HEADER_SIZE;) {
    words[(at >> 2) + 2] = sequence;
    words[(at >> 2) + 3] = portId;
    const length = words[at >> 2] ?? 0;
    if (length < MESSAGE_HEADER_SIZE) break;
    at += (length + 3) & ~3;
  }
  return copy;
}
