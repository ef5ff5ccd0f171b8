import { familyFactory, type FamilyFactory } from '../client/index.js';
import { ovsFlowSchema, type OvsFlowFamily } from './generated/ovs_flow.js';

export * from './generated/ovs_flow.js';

/** Open vSwitch flows. @public */
export const ovsFlow: FamilyFactory<OvsFlowFamily> = familyFactory(ovsFlowSchema);
