import { watchableFamily, type WatchableFamilyFactory } from '../live/index.js';
import { mptcpPmSchema, type MptcpPmFamily } from './generated/mptcp_pm.js';

export * from './generated/mptcp_pm.js';

/** Path management of multipath TCP. @public */
export const mptcpPm: WatchableFamilyFactory<MptcpPmFamily, never> = watchableFamily(mptcpPmSchema, {
  'get-addr': 'the kernel sends events for connections and subflows only, not for endpoints',
});
