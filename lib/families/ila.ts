import { familyFactory, type FamilyFactory } from '../client/index.js';
import { ilaSchema, type IlaFamily } from './generated/ila.js';

export * from './generated/ila.js';

/** Mappings of Identifier Locator Addressing. @public */
export const ila: FamilyFactory<IlaFamily> = familyFactory(ilaSchema);
