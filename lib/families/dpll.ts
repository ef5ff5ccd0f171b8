import { familyFactory, type FamilyFactory } from '../client/index.js';
import { dpllSchema, type DpllFamily } from './generated/dpll.js';

export * from './generated/dpll.js';

/** Digital phase-locked loops. @public */
export const dpll: FamilyFactory<DpllFamily> = familyFactory(dpllSchema);
