import { MESSAGE_HEADER_SIZE, type Message } from '../wire/index.js';
import { hex } from './hex.js';
import type { CapturedDatagram, Capture } from './capture.js';
import { messagesOf } from './messages-of.js';
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

/**
 * Tells requests, their replies and events of a capture apart: replies carry their request's sequence number, port ID and
 * protocol, and no group.
 *
 * @internal
 */
export function conversation(capture: Capture, speed: number): { requests: RecordedRequest[]; events: RecordedEvent[] } {
  const requests: (RecordedRequest & { readonly due: number })[] = [];
  const events: RecordedEvent[] = [];
  const open = new Map<string, RecordedRequest & { readonly due: number }>();
  for (const { due, datagram } of timeline(capture, speed)) {
    const { protocol, bytes } = datagram;
    if (datagram.direction === 'sent') {
      for (const message of messagesOf(bytes)) {
        const recorded = { protocol, request: message.copy(), replies: [], due };
        requests.push(recorded);
        open.set(keyOf(message, protocol), recorded);
      }
    } else {
      const asked = datagram.group === 0 ? open.get(keyOfFirst(bytes, protocol)) : undefined;
      if (asked === undefined) events.push({ due, datagram });
      else asked.replies.push({ after: due - asked.due, bytes });
    }
  }
  return { requests, events };
}

/** Tells whether two requests ask for the same: type, flags and payload. @internal */
export function asksTheSame(left: Message, right: Message): boolean {
  return left.type === right.type && left.flags === right.flags && hex(left.payload) === hex(right.payload);
}

/** Copies a datagram, as if it answered another request. @internal */
export function redirect(bytes: Uint8Array, { sequence, portId }: { readonly sequence: number; readonly portId: number }): Uint8Array {
  const copy = bytes.slice();
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

function keyOf({ sequence, portId }: Message, protocol: number): string {
  return `${protocol} ${portId} ${sequence}`;
}

function keyOfFirst(bytes: Uint8Array, protocol: number): string {
  const first = firstMessage(bytes);
  return first === undefined ? '' : keyOf(first, protocol);
}

/** The first message of a datagram; undefined where it holds none, as device events do. @internal */
export function firstMessage(bytes: Uint8Array): Message | undefined {
  return messagesOf(bytes).next().value ?? undefined;
}
