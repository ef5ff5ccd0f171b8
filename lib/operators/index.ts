/* Bytes to messages, messages to values */
export { decodeMessages } from './decode-messages.js';
export { decodePayload, type PayloadOf } from './decode-payload.js';

/* Select messages */
export { ofType } from './of-type.js';
export { repliesTo, type RepliesToOptions } from './replies-to.js';

/* Detect the end of a reply */
export { reassemble } from './reassemble.js';
export { throwKernelErrors } from './throw-kernel-errors.js';
export { untilDone } from './until-done.js';

/* Recover from errors */
export { resyncOnOverrun } from './resync-on-overrun.js';
export { retryInterruptedDump, type RetryInterruptedDumpOptions } from './retry-interrupted-dump.js';
