import { watchableFamily, type WatchableFamilyFactory } from '../live/index.js';
import { conntrackTimeoutSchema, type ConntrackTimeoutFamily } from './generated/conntrack_timeout.js';

export * from './generated/conntrack_timeout.js';

/** Timeouts of connection tracking: policies, and the defaults of the network namespace. @public */
export const conntrackTimeout: WatchableFamilyFactory<ConntrackTimeoutFamily, never> = watchableFamily(conntrackTimeoutSchema, {
  get: 'the kernel sends no event for timeout policies',
});
