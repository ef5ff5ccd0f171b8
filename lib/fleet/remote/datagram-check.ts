import { MESSAGE_HEADER_SIZE, alignLength, hostIsLittleEndian } from '../../wire/index.js';

/** The header and the payload of a message in a datagram of a client. @internal */
export interface ClientMessage {
  readonly bytes: Uint8Array;
  readonly type: number;
  readonly flags: number;
  readonly sequence: number;
  readonly payload: Uint8Array;
}

/**
 * Splits a datagram into messages exactly as the kernel does.
 *
 * @returns undefined if bytes remain that are not a message, or a length is not valid: the kernel would stop there, or read a message that was not
 * checked.
 * @internal
 */
export function messagesIn(datagram: Uint8Array): ClientMessage[] | undefined {
  const view = new DataView(datagram.buffer, datagram.byteOffset, datagram.byteLength);
  const messages: ClientMessage[] = [];
  let at = 0;
  while (at < datagram.byteLength) {
    if (datagram.byteLength - at < MESSAGE_HEADER_SIZE) return undefined;
    const length = view.getUint32(at, hostIsLittleEndian);
    if (length < MESSAGE_HEADER_SIZE || length > datagram.byteLength - at) return undefined;
    const bytes = datagram.subarray(at, at + length);
    messages.push({
      bytes,
      type: view.getUint16(at + 4, hostIsLittleEndian),
      flags: view.getUint16(at + 6, hostIsLittleEndian),
      sequence: view.getUint32(at + 8, hostIsLittleEndian),
      payload: bytes.subarray(MESSAGE_HEADER_SIZE),
    });
    at += alignLength(length);
  }
  return messages.length === 0 ? undefined : messages;
}
