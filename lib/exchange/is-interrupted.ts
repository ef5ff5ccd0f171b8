import { MessageFlags, MessageType, type Message } from '../wire/index.js';

/**
 * Tells whether a part of a dump, or its end, says that objects changed meanwhile.
 *
 * In other messages the same bit may mean something else.
 *
 * @internal
 */
export function isInterrupted(message: Message): boolean {
  const { flags } = message;
  if ((flags & MessageFlags.DumpInterrupted) === 0) return false;
  return (flags & MessageFlags.Multi) !== 0 || message.type === MessageType.Done;
}
