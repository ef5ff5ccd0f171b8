import { KERNEL_ORIGIN, MESSAGE_HEADER_SIZE, Message } from '../../wire/index.js';
import { Frame } from '../../wire/internal.js';

/**
 * Iterates the messages of a datagram as the kernel does: where the framing is broken it stops without a word.
 *
 * @internal
 */
export function* messagesOf(bytes: Uint8Array): Generator<Message, undefined> {
  const frame = Frame.of(bytes);
  for (let start = 0; bytes.byteLength - start >= MESSAGE_HEADER_SIZE;) {
    const message = new Message(frame, start, KERNEL_ORIGIN);
    if (message.length < MESSAGE_HEADER_SIZE || message.length > bytes.byteLength - start) return;
    yield message;
    start += (message.length + 3) & ~3;
  }
}
