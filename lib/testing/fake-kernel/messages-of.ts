import { KERNEL_ORIGIN, MESSAGE_HEADER_SIZE, Message, alignLength } from '../../wire/index.js';
import { Frame } from '../../wire/internal.js';

/**
 * Iterates over the messages of a datagram as the kernel does: it stops silently at a malformed message.
 *
 * @internal
 */
export function* messagesOf(bytes: Uint8Array): Generator<Message, undefined> {
  const frame = Frame.of(bytes);
  for (let start = 0; bytes.byteLength - start >= MESSAGE_HEADER_SIZE;) {
    const message = new Message(frame, start, KERNEL_ORIGIN);
    if (message.length < MESSAGE_HEADER_SIZE || message.length > bytes.byteLength - start) return;
    yield message;
    start += alignLength(message.length);
  }
}
