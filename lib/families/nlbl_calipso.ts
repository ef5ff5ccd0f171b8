import { familyFactory, type FamilyFactory } from '../client/index.js';
import { nlblCalipsoSchema, type NlblCalipsoFamily } from './generated/nlbl_calipso.js';

export * from './generated/nlbl_calipso.js';

/** NetLabel: domains of interpretation of CALIPSO. The family exists in the first network namespace only. @public */
export const nlblCalipso: FamilyFactory<NlblCalipsoFamily> = familyFactory(nlblCalipsoSchema);
