import { watchableFamily, type WatchableFamilyFactory } from '../live/index.js';
import { ovsFlowSchema, type OvsFlowFamily } from './generated/ovs_flow.js';

export * from './generated/ovs_flow.js';

/** Open vSwitch flows. @public */
export const ovsFlow: WatchableFamilyFactory<OvsFlowFamily, never> = watchableFamily(ovsFlowSchema, {
  get: 'flows time out and their counters change all the time; dump them',
});
