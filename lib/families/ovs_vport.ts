import { familyFactory, type FamilyFactory } from '../client/index.js';
import { ovsVportSchema, type OvsVportFamily } from './generated/ovs_vport.js';

export * from './generated/ovs_vport.js';

/** Open vSwitch ports. @public */
export const ovsVport: FamilyFactory<OvsVportFamily> = familyFactory(ovsVportSchema);
