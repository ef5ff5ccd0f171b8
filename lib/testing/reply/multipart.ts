import { checkArray } from '../../check/index.js';
import type { MessageInit } from '../../wire/index.js';
import { MessageFlags } from '../../wire/index.js';
import { done } from './ack.js';
import type { Reply, ReplyBuilder } from './reply.js';

/**
 * Builds the answer to a dump: its rows, flagged MULTI, and DONE behind them.
 *
 * A fake kernel spreads it over several datagrams, as a kernel does, so that whoever reads must read on.
 *
 * @param messages - The rows; none make an empty dump.
 * @param end - The last message, e.g. `done('ENODEV')` for a dump that failed on its way.
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
