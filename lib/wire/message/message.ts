import { DecodeError } from '../../errors/index.js';
import { alignLength } from '../align.js';
import { KERNEL_ORIGIN, type DatagramOrigin } from './datagram.js';
import { Frame, highHalf, lowHalf } from './frame.js';
import { isBytes, kindOf } from '../is-bytes.js';
import { hiddenHex, secretsIn } from '../secret-ranges.js';

/** The size of `struct nlmsghdr` in bytes. @public */
export const MESSAGE_HEADER_SIZE = 16;

/** The fields of `struct nlmsghdr`. @public */
export interface MessageHeader {
  /** Header and payload in bytes, without padding (`nlmsg_len`). */
  readonly length: number;
  /** A {@link MessageType}, or a number that the family defines (`nlmsg_type`). */
  readonly type: number;
  /** {@link MessageFlags} (`nlmsg_flags`). */
  readonly flags: number;
  /** Matches replies to requests; 0 in unsolicited messages (`nlmsg_seq`). */
  readonly sequence: number;
  /** Port ID of the requesting socket, in requests and replies; not a process ID (`nlmsg_pid`). */
  readonly portId: number;
}

/**
 * One netlink message: a header and a payload that is not decoded.
 *
 * It is a view into the memory of all messages that were received with it, and of other short replies. A program that keeps it for long
 * keeps all that memory: `copy()` detaches the message.
 *
 * ```text
 * 0        4    6    8         12      16
 * | length |type|flags|sequence| portId | payload ...
 * ```
 * @public
 */
export class Message implements MessageHeader {
  /** @internal */
  readonly frame: Frame;
  /** The offset of the header in the frame. @internal */
  readonly start: number;
  /** The origin of its datagram: the sender and the group. */
  readonly origin: DatagramOrigin;

  /** @internal use {@link readMessage}, which checks the framing */
  constructor(frame: Frame, start: number, origin: DatagramOrigin) {
    this.frame = frame;
    this.start = start;
    this.origin = origin;
  }

  /** Header and payload in bytes, without padding (`nlmsg_len`). */
  get length(): number {
    return this.frame.words[this.start >> 2]!;
  }

  /** A {@link MessageType}, or a number that the family defines (`nlmsg_type`). */
  get type(): number {
    return lowHalf(this.frame.words[(this.start >> 2) + 1]!);
  }

  /** {@link MessageFlags} (`nlmsg_flags`). */
  get flags(): number {
    return highHalf(this.frame.words[(this.start >> 2) + 1]!);
  }

  /** Matches replies to requests; 0 in unsolicited messages (`nlmsg_seq`). */
  get sequence(): number {
    return this.frame.words[(this.start >> 2) + 2]!;
  }

  /** Port ID of the requesting socket, 0 if there was no request (`nlmsg_pid`). */
  get portId(): number {
    return this.frame.words[(this.start >> 2) + 3]!;
  }

  /** Multicast group number it was sent to; 0 if it was sent to this socket alone. */
  get group(): number {
    return this.origin.group;
  }

  /** The ID of the namespace it came from, if that is not the socket's own. */
  get nsid(): number | undefined {
    return this.origin.nsid;
  }

  /**
   * The bytes after the header, without padding. Each access creates a view: keep it if you need it twice.
   *
   * Its `buffer` holds other messages too: before you transfer it to another thread, or send it there, use {@link Message.copy}.
   */
  get payload(): Uint8Array {
    const { bytes } = this.frame;
    return new Uint8Array(bytes.buffer, bytes.byteOffset + this.start + MESSAGE_HEADER_SIZE, this.length - MESSAGE_HEADER_SIZE);
  }

  /** Header and payload, without padding. Each access creates a view. */
  get bytes(): Uint8Array {
    return this.frame.bytes.subarray(this.start, this.start + this.length);
  }

  /** Returns the same message in its own memory. */
  copy(): Message {
    return new Message(new Frame(new Uint8Array(this.bytes)), 0, this.origin);
  }

  /** Returns the header's fields and the payload as hex, for logs; key material that a typed client has declared is `**`. */
  toJSON(): MessageHeader & { payload: string } {
    const { length, type, flags, sequence, portId } = this;
    const payload = hiddenHex(this.payload, MESSAGE_HEADER_SIZE, secretsIn<Message>(this));
    return { length, type, flags, sequence, portId, payload };
  }

  static {
    // Node's `util.inspect`, and therefore `console.log`, calls this.
    Object.defineProperty(this.prototype, Symbol.for('nodejs.util.inspect.custom'), {
      value(this: Message): object {
        return this.toJSON();
      },
      configurable: true,
    });
  }
}

/**
 * Returns the message at an offset, after checking its length.
 *
 * @param frame - The bytes that contain it.
 * @param start - Its offset, a multiple of 4, at least 16 bytes before `end`.
 * @param end - The offset after the datagram.
 * @throws {@link DecodeError} if its length field is less than 16 or passes `end`.
 * @internal
 */
export function readMessage(frame: Frame, start: number, end: number, origin: DatagramOrigin): Message {
  messageLength(frame, start, end);
  return new Message(frame, start, origin);
}

/**
 * Returns the length of the message at an offset, after checking it; see {@link readMessage}.
 *
 * @internal
 */
export function messageLength(frame: Frame, start: number, end: number): number {
  const length = frame.words[start >> 2]!;
  if (length < MESSAGE_HEADER_SIZE || length > end - start) {
    throw new DecodeError(`message: expected a length from ${MESSAGE_HEADER_SIZE} to ${end - start}, got ${length}`, start);
  }
  return length;
}

/**
 * Iterates the messages of a datagram, in order.
 *
 * The last one may lack its padding. Fewer than 16 bytes at the end are not a message and are ignored.
 *
 * @param bytes - The bytes of a datagram, at any offset of their buffer.
 * @param origin - The origin of the datagram; the kernel if omitted.
 * @throws {@link DecodeError} at the first message whose length is wrong, after those before it.
 * @example The messages of a datagram
 * ```ts
 * for (const message of iterateMessages(datagram.bytes, datagram)) console.log(message.type, message.length);
 * ```
 * @public
 */
export function* iterateMessages(bytes: Uint8Array, origin: DatagramOrigin = KERNEL_ORIGIN): Generator<Message, void, undefined> {
  if (!isBytes(bytes)) throw new TypeError(`iterateMessages(): ${kindOf(bytes)} is not a Uint8Array`);
  const frame = Frame.of(bytes);
  const end = bytes.length;
  for (let start = 0; end - start >= MESSAGE_HEADER_SIZE;) {
    const message = readMessage(frame, start, end, origin);
    yield message;
    start += alignLength(message.length);
  }
}
