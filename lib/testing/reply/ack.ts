import { errnoNumber, type ErrnoName, type ExtendedAck } from '../../errors/index.js';
import { alignLength, MESSAGE_HEADER_SIZE, MessageFlags, MessageType, type Message, type MessageInit } from '../../wire/index.js';
import { concat, encodeAckAttributes, int32 } from './ack-attributes.js';
import type { FakeSocket, ReplyBuilder } from './reply.js';

/** What an ack or a refusal says beside its number. @public */
export interface AckOptions extends ExtendedAck {
  /**
   * Whether the request is left out of it (`NLM_F_CAPPED`).
   * @defaultValue as the kernel does: always on success, else as the socket's `cappedAck` says
   */
  readonly capped?: boolean;
  /**
   * Whether the extended-ack attributes are sent (`NLM_F_ACK_TLVS`).
   * @defaultValue as the socket's `extendedAck` says
   */
  readonly attributes?: boolean;
}

/**
 * Builds the ack of a request that succeeded.
 *
 * @param options - On success the kernel sends no more than a message (a warning) and a cookie.
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
 * Builds the refusal of a request: an ERROR message.
 *
 * A refused dump says so in its DONE: {@link done}.
 *
 * @param errno - A name, or a number of either sign.
 * @param options - What the kernel adds to explain itself.
 * @example A refusal that names the attribute
 * ```ts
 * fakeKernel(() => errorReply('EINVAL', { message: 'Invalid MTU', offset: 32 }));
 * ```
 * @public
 */
export function errorReply(errno: ErrnoName | number, options: AckOptions = {}): ReplyBuilder {
  const number = negative(errno);
  if (number === 0) throw new RangeError('errorReply: an error number is not 0; ack() builds what says success');
  return (request, socket) => acknowledge(request, socket, number, options);
}

/**
 * Builds the end of a dump.
 *
 * @param errno - Where the dump failed: a name, or a number of either sign.
 * @param options - What the kernel adds to explain itself.
 * @public
 */
export function done(errno: ErrnoName | number = 0, options: Omit<AckOptions, 'capped'> = {}): ReplyBuilder {
  const number = negative(errno);
  return (_request, socket) => {
    const attributes = wanted(socket, options);
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
  const attributes = wanted(socket, options);
  const flags = (capped ? MessageFlags.Capped : 0) | (attributes.byteLength > 0 ? MessageFlags.AckAttributes : 0);
  const parts = attributes.byteLength > 0 ? [int32(errno), echoed, padding, attributes] : [int32(errno), echoed];
  return { type: MessageType.Error, flags, payload: concat(parts) };
}

function wanted(socket: FakeSocket, options: AckOptions): Uint8Array {
  return (options.attributes ?? socket.getOption('extendedAck')) ? encodeAckAttributes(options) : new Uint8Array();
}

/** The number that the kernel sends. @throws TypeError if there is none of that name. @internal */
export function negative(errno: ErrnoName | number): number {
  const number = typeof errno === 'string' ? errnoNumber(errno) : -Math.abs(errno);
  if (!Number.isInteger(number)) throw new TypeError(`errno name: '${errno}' is unknown; expected a Linux name such as 'ENOENT'`);
  return number;
}
