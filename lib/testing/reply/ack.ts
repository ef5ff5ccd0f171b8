import { errnoNumber, type ErrnoName, type ExtendedAck } from '../../errors/index.js';
import { alignLength, MESSAGE_HEADER_SIZE, MessageFlags, MessageType, type Message, type MessageInit } from '../../wire/index.js';
import { concat, encodeAckAttributes, int32 } from './ack-attributes.js';
import type { FakeSocket, ReplyBuilder } from './reply.js';

/** The content of an ack or an error beside its number. @public */
export interface AckOptions extends ExtendedAck {
  /**
   * True to omit the echoed request (`NLM_F_CAPPED`).
   * @defaultValue as the kernel: true on success, else the socket's option `cappedAck`
   */
  readonly capped?: boolean;
  /**
   * True to send the extended-ack attributes (`NLM_F_ACK_TLVS`).
   * @defaultValue the socket's option `extendedAck`
   */
  readonly attributes?: boolean;
}

/**
 * Builds the ack of a request that succeeded.
 *
 * @param options - The extended ack; on success the kernel sends only a message (a warning) and a cookie.
 * @example A warning
 * ```ts
 * fakeKernel(() => ack({ message: 'the attribute is deprecated' }));
 * ```
 * @public
 */
export function ack(options: AckOptions = {}): ReplyBuilder {
  return (request, socket) => acknowledge(request, socket, 0, options);
}

/**
 * Builds the ERROR message of a rejected request.
 *
 * The kernel reports the error of a dump in its DONE message: see {@link done}.
 *
 * @param errno - A name, or a number of either sign.
 * @param options - The extended ack.
 * @example An error with the offset of the attribute
 * ```ts
 * fakeKernel(() => errorReply('EINVAL', { message: 'Invalid MTU', offset: 32 }));
 * ```
 * @public
 */
export function errorReply(errno: ErrnoName | number, options: AckOptions = {}): ReplyBuilder {
  const number = negative(errno);
  if (number === 0) throw new RangeError('errorReply: errno must not be 0; build the ack of a success with ack()');
  return (request, socket) => acknowledge(request, socket, number, options);
}

/**
 * Builds the end of a dump.
 *
 * @param errno - The error of a failed dump: a name, or a number of either sign.
 * @param options - The extended ack.
 * @public
 */
export function done(errno: ErrnoName | number = 0, options: Omit<AckOptions, 'capped'> = {}): ReplyBuilder {
  const number = negative(errno);
  return (_request, socket) => {
    const attributes = attributesFor(socket, options);
    return {
      type: MessageType.Done,
      flags: MessageFlags.Multi | (attributes.byteLength > 0 ? MessageFlags.AckAttributes : 0),
      payload: concat([int32(number), attributes]),
    };
  };
}

function acknowledge(request: Message, socket: FakeSocket, errno: number, options: AckOptions): MessageInit {
  const capped = options.capped ?? (errno === 0 || socket.getOption('cappedAck'));
  const echoed = capped ? request.bytes.subarray(0, MESSAGE_HEADER_SIZE) : request.bytes;
  const padding = new Uint8Array(alignLength(echoed.byteLength) - echoed.byteLength);
  const attributes = attributesFor(socket, options);
  const flags = (capped ? MessageFlags.Capped : 0) | (attributes.byteLength > 0 ? MessageFlags.AckAttributes : 0);
  const parts = attributes.byteLength > 0 ? [int32(errno), echoed, padding, attributes] : [int32(errno), echoed];
  return { type: MessageType.Error, flags, payload: concat(parts) };
}

function attributesFor(socket: FakeSocket, options: AckOptions): Uint8Array {
  return (options.attributes ?? socket.getOption('extendedAck')) ? encodeAckAttributes(options) : new Uint8Array();
}

/** Returns the number that the kernel sends. @throws TypeError if Linux has no error of that name. @internal */
export function negative(errno: ErrnoName | number): number {
  const number = typeof errno === 'string' ? errnoNumber(errno) : -Math.abs(errno);
  if (!Number.isInteger(number)) throw new TypeError(`errno name: '${errno}' is unknown; expected a Linux name such as 'ENOENT'`);
  return number;
}
