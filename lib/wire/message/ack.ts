import { DecodeError, type ExtendedAck } from '../../errors/index.js';
import { alignLength } from '../align.js';
import { decodeExtendedAck } from './extended-ack.js';
import { MESSAGE_HEADER_SIZE, type Message } from './message.js';
import { MessageFlags } from './message-flags.js';
import { MessageType } from './message-type.js';

/** The size of the error number at the start of an ack. */
const STATUS_SIZE = 4;

/** The contents of an ERROR or a DONE message. @public */
export interface Ack {
  /** 0, or a negative error number; ipset uses numbers below -4095. */
  readonly errno: number;
  /** The extended ack; empty if the kernel sent none. If `errno` is 0, its `message` is a warning. */
  readonly extendedAck: ExtendedAck;
  /** True if the kernel did not echo the request's payload (`NLM_F_CAPPED`), as in every success. */
  readonly capped: boolean;
}

const EMPTY: ExtendedAck = Object.freeze({});
const SUCCESS: Ack = Object.freeze({ errno: 0, extendedAck: EMPTY, capped: false });
const CAPPED_SUCCESS: Ack = Object.freeze({ errno: 0, extendedAck: EMPTY, capped: true });

/** Tests whether a message is of type ERROR or DONE: an ack, an error or the end of a dump. @public */
export function isAck(message: Message): boolean {
  const { type } = message;
  return type === MessageType.Error || type === MessageType.Done;
}

/**
 * Decodes an ack, an error, or the end of a dump.
 *
 * A malformed extended ack loses its malformed part, never the error number. A DONE without payload counts as success.
 *
 * ```text
 * ERROR:  | errno | echoed header | echoed payload unless capped | padding | attributes |
 * DONE:   | errno | attributes |
 * ```
 *
 * @param message - A message of type ERROR or DONE.
 * @throws {@link DecodeError} if it is too short for its error number, or if it has the attributes flag and does not echo a header.
 * @throws TypeError if the message has another type.
 * @public
 */
export function decodeAck(message: Message): Ack {
  const { type, flags, length } = message;
  const payloadLength = length - MESSAGE_HEADER_SIZE;
  const done = type === MessageType.Done;
  if (!done && type !== MessageType.Error)
    throw new TypeError(
      `decodeAck(): message type ${type} is not an ack; expected ERROR (${MessageType.Error}) or DONE (${MessageType.Done})`,
    );
  if (done && payloadLength === 0) return SUCCESS;
  if (payloadLength < STATUS_SIZE) {
    throw new DecodeError(`ack: expected at least ${STATUS_SIZE} bytes for the error number, got ${payloadLength}`, MESSAGE_HEADER_SIZE);
  }
  const capped = (flags & MessageFlags.Capped) !== 0;
  const errno = message.frame.words[(message.start + MESSAGE_HEADER_SIZE) >> 2]! | 0;
  if ((flags & MessageFlags.AckAttributes) === 0) {
    if (errno === 0) return capped ? CAPPED_SUCCESS : SUCCESS;
    return { errno, extendedAck: EMPTY, capped };
  }
  return { errno, extendedAck: decodeExtendedAck(message.payload, done ? STATUS_SIZE : attributesStart(message, capped)), capped };
}

/** Returns a copy of the request that an ERROR message echoes: header and, unless capped, payload. @public */
export function echoedRequest(message: Message): Uint8Array | undefined {
  const { payload } = message;
  if (message.type !== MessageType.Error || payload.length < STATUS_SIZE + MESSAGE_HEADER_SIZE) return undefined;
  const capped = (message.flags & MessageFlags.Capped) !== 0;
  const claimed = capped ? MESSAGE_HEADER_SIZE : Math.max(echoedLength(message), MESSAGE_HEADER_SIZE);
  return payload.slice(STATUS_SIZE, Math.min(STATUS_SIZE + claimed, payload.length));
}

/** Returns the offset of an ERROR message's attributes in its payload: the aligned end of the echoed request. */
function attributesStart(message: Message, capped: boolean): number {
  const payloadLength = message.length - MESSAGE_HEADER_SIZE;
  if (payloadLength < STATUS_SIZE + MESSAGE_HEADER_SIZE) {
    throw new DecodeError(
      `ack with attributes: expected at least ${STATUS_SIZE + MESSAGE_HEADER_SIZE} bytes for the error number and the echoed header, got ${payloadLength}`,
      MESSAGE_HEADER_SIZE,
    );
  }
  if (capped) return STATUS_SIZE + MESSAGE_HEADER_SIZE;
  const echoed = echoedLength(message);
  return echoed < MESSAGE_HEADER_SIZE || echoed > payloadLength ? payloadLength : STATUS_SIZE + alignLength(echoed);
}

/** Returns the length field of the header that an ERROR message echoes. */
function echoedLength(message: Message): number {
  return message.frame.words[(message.start + MESSAGE_HEADER_SIZE + STATUS_SIZE) >> 2]!;
}
