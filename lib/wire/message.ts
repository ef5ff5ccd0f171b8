import { DecodeError } from '../errors/index.js';
import { KERNEL_ORIGIN, type DatagramOrigin } from './datagram.js';
import { Frame, highHalf, lowHalf } from './frame.js';
import { isBytes, kindOf } from './is-bytes.js';
import { hiddenHex, secretsIn } from './secret-ranges.js';

/** Size of `struct nlmsghdr` in bytes. @public */
export const MESSAGE_HEADER_SIZE = 16;

/** The fields of `struct nlmsghdr`. @public */
export interface MessageHeader {
  /** Header and payload in bytes, without padding (`nlmsg_len`). */
  readonly length: number;
  /** What it is: a {@link MessageType}, or a number of the family's (`nlmsg_type`). */
  readonly type: number;
  /** {@link MessageFlags} (`nlmsg_flags`). */
  readonly flags: number;
  /** Matches replies to requests; 0 in what the kernel says of its own accord (`nlmsg_seq`). */
  readonly sequence: number;
  /** Port ID of the socket that asked, in requests and replies; not a process ID (`nlmsg_pid`). */
  readonly portId: number;
}

/**
 * One netlink message: a header and its payload, still bytes.
 *
 * It is a view into the memory of everything that was received with it. Keeping one for long keeps all of that:
 * `copy()` detaches it.
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
  /** Where the header starts in the frame. @internal */
  readonly start: number;
  /** Who sent the datagram that it came in, and to which group. */
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

  /** A {@link MessageType}, or a number of the family's (`nlmsg_type`). */
  get type(): number {
    return lowHalf(this.frame.words[(this.start >> 2) + 1]!);
  }

  /** {@link MessageFlags} (`nlmsg_flags`). */
  get flags(): number {
    return highHalf(this.frame.words[(this.start >> 2) + 1]!);
  }

  /** Matches replies to requests; 0 in what the kernel says of its own accord (`nlmsg_seq`). */
  get sequence(): number {
    return this.frame.words[(this.start >> 2) + 2]!;
  }

  /** Port ID of the socket that asked, 0 where nobody did (`nlmsg_pid`). */
  get portId(): number {
    return this.frame.words[(this.start >> 2) + 3]!;
  }

  /** Multicast group number it was sent to; 0 where it was sent to this socket alone. */
  get group(): number {
    return this.origin.group;
  }

  /** Namespace it came from, where that is not the socket's own. */
  get nsid(): number | undefined {
    return this.origin.nsid;
  }

  /** The bytes after the header, without padding. Each call makes a new view: keep it if you need it twice. */
  get payload(): Uint8Array {
    const { bytes } = this.frame;
    return new Uint8Array(bytes.buffer, bytes.byteOffset + this.start + MESSAGE_HEADER_SIZE, this.length - MESSAGE_HEADER_SIZE);
  }

  /** Header and payload, without padding: a new view at each call. */
  get bytes(): Uint8Array {
    return this.frame.bytes.subarray(this.start, this.start + this.length);
  }

  /** The same message in memory of its own. */
  copy(): Message {
    return new Message(new Frame(new Uint8Array(this.bytes)), 0, this.origin);
  }

  /** The header's fields and the payload as hex, for logs; key material that a typed client has declared is `**`. */
  toJSON(): MessageHeader & { payload: string } {
    const { length, type, flags, sequence, portId } = this;
    const payload = hiddenHex(this.payload, MESSAGE_HEADER_SIZE, secretsIn<Message>(this));
    return { length, type, flags, sequence, portId, payload };
  }

  static {
    // What Node's `util.inspect`, and so `console.log`, shows.
    Object.defineProperty(this.prototype, Symbol.for('nodejs.util.inspect.custom'), {
      value(this: Message): object {
        return this.toJSON();
      },
      configurable: true,
    });
  }
}

/**
 * Reads the message that starts at an offset, after checking that it fits.
 *
 * @param frame - The bytes around it.
 * @param start - Where it starts, a multiple of 4; at least 16 bytes lie between it and `end`.
 * @param end - Where the datagram ends.
 * @throws {@link DecodeError} if its length field is below a header's size or passes `end`.
 * @internal
 */
export function readMessage(frame: Frame, start: number, end: number, origin: DatagramOrigin): Message {
  messageLength(frame, start, end);
  return new Message(frame, start, origin);
}

/**
 * Reads how long the message is that starts at an offset, after checking that it fits; see {@link readMessage}.
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
 * The last one may lack its padding; fewer than 16 bytes at the end are no message and are passed over.
 *
 * @param bytes - A datagram's bytes, at any offset of their buffer.
 * @param origin - Who sent it; the kernel where left out.
 * @throws {@link DecodeError} at the message whose length is wrong, after those before it.
 * @example What is in a datagram
 * ```ts
 * for (const message of iterateMessages(datagram.bytes, datagram)) console.log(message.type, message.length);
 * ```
 * @public
 */
export function* iterateMessages(bytes: Uint8Array, origin: DatagramOrigin = KERNEL_ORIGIN): Generator<Message, void, undefined> {
  if (!isBytes(bytes)) throw new TypeError(`iterateMessages(): ${kindOf(bytes)} is not a Uint8Array`);
  const frame = Frame.of(bytes);
  const end = bytes.byteLength;
  for (let start = 0; end - start >= MESSAGE_HEADER_SIZE;) {
    const message = readMessage(frame, start, end, origin);
    yield message;
    start += (message.length + 3) & ~3;
  }
}
