import { MessageFlags, MessageType, type Message } from '../wire/index.js';

/**
 * Tests whether a part or the DONE of a dump reports a change during the dump (`NLM_F_DUMP_INTR`).
 *
 * In other messages the same bit may have another meaning.
 *
 * @internal
 */
export function isInterrupted(message: Message): boolean {
  const { flags } = message;
  if ((flags & MessageFlags.DumpInterrupted) === 0) return false;
  return (flags & MessageFlags.Multi) !== 0 || message.type === MessageType.Done;
}
