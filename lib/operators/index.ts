/* Bytes to messages, messages to values */
export { decodeMessages } from './decode-messages.js';
export { decodePayload, type PayloadOf } from './decode-payload.js';

/* Which messages */
export { ofType } from './of-type.js';
export { repliesTo, type RepliesToOptions } from './replies-to.js';

/* Where a reply ends */
export { reassemble } from './reassemble.js';
export { throwKernelErrors } from './throw-kernel-errors.js';
export { untilDone } from './until-done.js';

/* What to do when it went wrong */
export { resyncOnOverrun } from './resync-on-overrun.js';
export { retryInterruptedDump, type RetryInterruptedDumpOptions } from './retry-interrupted-dump.js';
