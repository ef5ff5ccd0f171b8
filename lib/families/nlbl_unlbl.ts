import { familyFactory, type FamilyFactory } from '../client/index.js';
import { nlblUnlblSchema, type NlblUnlblFamily } from './generated/nlbl_unlbl.js';

export * from './generated/nlbl_unlbl.js';

/** NetLabel: packets without a label. The family exists in the first network namespace only. @public */
export const nlblUnlbl: FamilyFactory<NlblUnlblFamily> = familyFactory(nlblUnlblSchema);
