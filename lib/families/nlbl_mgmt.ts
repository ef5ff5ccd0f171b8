import { familyFactory, type FamilyFactory } from '../client/index.js';
import { nlblMgmtSchema, type NlblMgmtFamily } from './generated/nlbl_mgmt.js';

export * from './generated/nlbl_mgmt.js';

/** NetLabel: the labelling protocol of each LSM domain. The family exists in the first network namespace only. @public */
export const nlblMgmt: FamilyFactory<NlblMgmtFamily> = familyFactory(nlblMgmtSchema);
