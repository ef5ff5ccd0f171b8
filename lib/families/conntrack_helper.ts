import { watchableFamily, type WatchableFamilyFactory } from '../live/index.js';
import { conntrackHelperSchema, type ConntrackHelperFamily } from './generated/conntrack_helper.js';

export * from './generated/conntrack_helper.js';

/** Helpers of connection tracking that are programs. @public */
export const conntrackHelper: WatchableFamilyFactory<ConntrackHelperFamily, never> = watchableFamily(conntrackHelperSchema, {
  get: 'the kernel sends no event for helpers',
});
