import { DecodeError, EncodeError } from '../../errors/index.js';

/** The size of `struct genlmsghdr` in bytes; attributes, or a family's own header, follow it. @public */
export const GENERIC_HEADER_SIZE = 4;

/** The header that generic netlink puts between a message's header and its attributes. @public */
export interface GenericHeader {
  /** The command, as the family numbers it (`cmd`). */
  readonly command: number;
  /** The family's version (`version`); few families check it. */
  readonly version: number;
}

/**
 * Decodes the generic netlink header at the start of a payload.
 *
 * It ignores the two reserved bytes, because a later kernel may use them.
 *
 * @param payload - A generic netlink message's payload.
 * @throws {@link DecodeError} if it is shorter than 4 bytes.
 * @public
 */
export function decodeGenericHeader(payload: Uint8Array): GenericHeader {
  if (payload.length < GENERIC_HEADER_SIZE) {
    throw new DecodeError(`generic netlink header: expected at least ${GENERIC_HEADER_SIZE} bytes, got ${payload.length}`, 0);
  }
  return { command: payload[0]!, version: payload[1]! };
}

/**
 * Encodes a generic netlink payload: the header and the bytes that follow it.
 *
 * @param header - Command and version; version 1 if omitted, which every family accepts.
 * @param rest - The family's own header and attributes, encoded.
 * @throws {@link EncodeError} if command or version do not fit a byte.
 * @example Request all generic families
 * ```ts
 * socket.request({ type: 16, flags: MessageFlags.Dump, payload: encodeGenericPayload({ command: 3 }) });
 * ```
 * @public
 */
export function encodeGenericPayload(header: { readonly command: number; readonly version?: number }, rest?: Uint8Array): Uint8Array {
  const { command, version = 1 } = header;
  if (command !== (command & 0xff)) throw new EncodeError(`command ${command} is not an 8-bit number`);
  if (version !== (version & 0xff)) throw new EncodeError(`version ${version} is not an 8-bit number`);
  const payload = new Uint8Array(GENERIC_HEADER_SIZE + (rest?.length ?? 0));
  payload[0] = command;
  payload[1] = version;
  if (rest !== undefined) payload.set(rest, GENERIC_HEADER_SIZE);
  return payload;
}
