import { familyFactory, type FamilyFactory } from '../client/index.js';
import { nbdSchema, type NbdFamily } from './generated/nbd.js';

export * from './generated/nbd.js';

/** Network block devices. The family exists in the first network namespace only. @public */
export const nbd: FamilyFactory<NbdFamily> = familyFactory(nbdSchema);
