import { familyFactory, type FamilyFactory } from '../client/index.js';
import { ovsMeterSchema, type OvsMeterFamily } from './generated/ovs_meter.js';

export * from './generated/ovs_meter.js';

/** Meters of Open vSwitch datapaths. @public */
export const ovsMeter: FamilyFactory<OvsMeterFamily> = familyFactory(ovsMeterSchema);
