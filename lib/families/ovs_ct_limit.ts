import { familyFactory, type FamilyFactory } from '../client/index.js';
import { ovsCtLimitSchema, type OvsCtLimitFamily } from './generated/ovs_ct_limit.js';

export * from './generated/ovs_ct_limit.js';

/** Limits of connections in the zones of Open vSwitch. @public */
export const ovsCtLimit: FamilyFactory<OvsCtLimitFamily> = familyFactory(ovsCtLimitSchema);
