import {
  KERNEL_ORIGIN,
  MessageFlags,
  MessageType,
  encodeMessages,
  type Datagram,
  type DatagramOrigin,
  type Message,
  type MessageInit,
} from '../../wire/index.js';
import { Frame, readMessage } from '../../wire/internal.js';
import { omitUndefined } from '../../check/index.js';
import { int32 } from './ack-attributes.js';

/** The messages of one datagram, or its bytes. @public */
export type DatagramInit = MessageInit | readonly MessageInit[] | Uint8Array;

/** The messages of one datagram, with its sender and its group. @public */
export interface DatagramWithOrigin extends Partial<DatagramOrigin> {
  /** The messages, or the bytes of the datagram. */
  readonly messages: DatagramInit;
}

/** Encodes a datagram; `defaults` fill in fields that the messages omit. @internal */
export function encodeDatagram(datagram: DatagramInit, defaults: Partial<MessageInit> = {}): Uint8Array {
  if (datagram instanceof Uint8Array) return datagram;
  const inits = Array.isArray(datagram) ? (datagram as readonly MessageInit[]) : [datagram as MessageInit];
  return encodeMessages(inits.map((init) => ({ ...defaults, ...init })));
}

/** Builds a datagram in the form in which a socket receives it. @internal */
export function makeDatagram(init: DatagramInit | DatagramWithOrigin): Datagram {
  const { messages, ...origin } = 'messages' in init ? init : { messages: init };
  return { ...KERNEL_ORIGIN, ...origin, bytes: encodeDatagram(messages) };
}

/** Builds a message in the form in which a socket receives it. @internal */
export function makeMessage(init: MessageInit & Partial<DatagramOrigin>): Message {
  const { group, sender, nsid, unsure, ...message } = init;
  const origin: DatagramOrigin = { ...KERNEL_ORIGIN, ...omitUndefined({ sender, group, nsid, unsure }) };
  const bytes = encodeMessages([message]);
  return readMessage(Frame.of(bytes), 0, bytes.byteLength, origin);
}

/** The default values of capital letters in marbles: the control messages of request 1 on port 1. @internal */
export const CONTROL_MESSAGES: Readonly<Record<string, MessageInit>> = Object.freeze({
  D: { type: MessageType.Done, flags: MessageFlags.Multi, sequence: 1, portId: 1, payload: int32(0) },
  A: { type: MessageType.Error, flags: MessageFlags.Capped, sequence: 1, portId: 1, payload: int32WithHeader(0) },
  E: { type: MessageType.Error, flags: MessageFlags.Capped, sequence: 1, portId: 1, payload: int32WithHeader(-1) },
});

/** Encodes an error number and the header of its request. */
function int32WithHeader(errno: number): Uint8Array {
  const bytes = new Uint8Array(20);
  bytes.set(int32(errno));
  bytes.set(encodeMessages([{ type: MessageType.Noop, flags: MessageFlags.Request | MessageFlags.Ack, sequence: 1, portId: 1 }]), 4);
  return bytes;
}
