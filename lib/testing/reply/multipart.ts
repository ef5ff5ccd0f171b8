import { checkArray } from '../../check/index.js';
import type { MessageInit } from '../../wire/index.js';
import { MessageFlags } from '../../wire/index.js';
import { done } from './ack.js';
import type { Reply, ReplyBuilder } from './reply.js';

/**
 * Builds the replies to a dump: its rows, flagged MULTI, then DONE.
 *
 * A fake kernel splits them into several datagrams, as the kernel does, so that the socket has to read several times.
 *
 * @param messages - The rows; an empty list makes an empty dump.
 * @param end - The last message, e.g. `done('ENODEV')` for a dump that failed after some rows.
 * @example A dump of two links
 * ```ts
 * fakeKernel(() => multipart([{ type: 16, payload: lo }, { type: 16, payload: eth0 }]));
 * ```
 * @public
 */
export function multipart(messages: readonly MessageInit[], end: ReplyBuilder = done()): Reply[] {
  checkArray('multipart: messages', messages);
  return [...messages.map((message) => ({ ...message, flags: (message.flags ?? 0) | MessageFlags.Multi })), end];
}
