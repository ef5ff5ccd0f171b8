import { familyFactory, type FamilyFactory } from '../client/index.js';
import { ovsDatapathSchema, type OvsDatapathFamily } from './generated/ovs_datapath.js';

export * from './generated/ovs_datapath.js';

/** Open vSwitch datapaths. @public */
export const ovsDatapath: FamilyFactory<OvsDatapathFamily> = familyFactory(ovsDatapathSchema);
