import { familyFactory, type FamilyFactory } from '../client/index.js';
import { hsrSchema, type HsrFamily } from './generated/hsr.js';

export * from './generated/hsr.js';

/** Nodes of HSR and PRP. A link of the kind `hsr` (`rtLink`) is the interface of a ring. @public */
export const hsr: FamilyFactory<HsrFamily> = familyFactory(hsrSchema);
