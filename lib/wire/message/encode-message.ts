import { EncodeError } from '../../errors/index.js';
import { alignLength } from '../align.js';
import { isBytes, kindOf } from '../is-bytes.js';
import { joinHalves } from './frame.js';
import { MESSAGE_HEADER_SIZE } from './message.js';

/** The fields of a message to encode; omitted numbers are 0. @public */
export interface MessageInit {
  /** The message type (`nlmsg_type`). */
  readonly type: number;
  /** {@link MessageFlags} (`nlmsg_flags`). */
  readonly flags?: number;
  /** The sequence number (`nlmsg_seq`); a socket fills it in if omitted. */
  readonly sequence?: number;
  /** The port ID (`nlmsg_pid`); a socket fills it in if omitted. */
  readonly portId?: number;
  /** The bytes after the header, unpadded. */
  readonly payload?: Uint8Array;
}

/**
 * Encodes a message: header, payload, padding to 4 bytes.
 *
 * @returns A new array. The header's length field does not include the padding.
 * @throws {@link EncodeError} if a header field does not fit its width.
 * @public
 */
export function encodeMessage(init: MessageInit): Uint8Array {
  return encodeMessages([init]);
}

/**
 * Encodes several messages, one after the other, for one datagram.
 *
 * @throws {@link EncodeError} if a header field does not fit its width.
 * @public
 */
export function encodeMessages(inits: readonly MessageInit[]): Uint8Array {
  let size = 0;
  for (const init of inits) size += encodedSize(init);
  const bytes = new Uint8Array(size);
  const words = new Uint32Array(bytes.buffer);
  let offset = 0;
  for (const init of inits) offset += writeMessage(bytes, words, offset, init, init.sequence ?? 0, init.portId ?? 0, init.flags ?? 0);
  return bytes;
}

/**
 * Returns the size of a message on the wire, including its padding.
 *
 * @throws TypeError if the payload is not a Uint8Array.
 * @internal
 */
export function encodedSize({ type, payload }: MessageInit): number {
  if (payload === undefined) return MESSAGE_HEADER_SIZE;
  if (!isBytes(payload)) throw new TypeError(`payload of message type ${type}: ${kindOf(payload)} is not a Uint8Array`);
  return alignLength(MESSAGE_HEADER_SIZE + payload.length);
}

/** Checks the fields of a header; `path` names the message if there are several. @throws {@link EncodeError} if a field does not fit its width. @internal */
export function checkHeader(type: number, flags: number, sequence: number, portId: number, path: () => string = noPath): void {
  if (type !== (type & 0xffff)) throw new EncodeError(`message type ${type} is not a 16-bit number`, path());
  if (flags !== (flags & 0xffff)) throw new EncodeError(`message flags ${flags} are not a 16-bit number`, path());
  if (sequence !== sequence >>> 0) throw new EncodeError(`sequence number ${sequence} is not a 32-bit number`, path());
  if (portId !== portId >>> 0) throw new EncodeError(`port ID ${portId} is not a 32-bit number`, path());
}

function noPath(): string {
  return '';
}

/**
 * Writes a message into an existing array, such as the send buffer of a socket.
 *
 * @param words - The same memory.
 * @param offset - A multiple of 4.
 * @returns The padded size, which is the distance to the next message.
 * @internal
 */
export function writeMessage(
  bytes: Uint8Array,
  words: Uint32Array,
  offset: number,
  { type, payload }: MessageInit,
  sequence: number,
  portId: number,
  flags: number,
): number {
  checkHeader(type, flags, sequence, portId);
  const length = MESSAGE_HEADER_SIZE + (payload === undefined ? 0 : payload.length);
  const padded = alignLength(length);
  const at = offset >> 2;
  // The padding; a word of the header, written again below, if there is no payload.
  words[at + (padded >> 2) - 1] = 0;
  words[at] = length;
  words[at + 1] = joinHalves(type, flags);
  words[at + 2] = sequence;
  words[at + 3] = portId;
  if (payload !== undefined) bytes.set(payload, offset + MESSAGE_HEADER_SIZE);
  return padded;
}
