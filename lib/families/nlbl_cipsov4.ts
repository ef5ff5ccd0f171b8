import { familyFactory, type FamilyFactory } from '../client/index.js';
import { nlblCipsov4Schema, type NlblCipsov4Family } from './generated/nlbl_cipsov4.js';

export * from './generated/nlbl_cipsov4.js';

/** NetLabel: domains of interpretation of CIPSO. The family exists in the first network namespace only. @public */
export const nlblCipsov4: FamilyFactory<NlblCipsov4Family> = familyFactory(nlblCipsov4Schema);
