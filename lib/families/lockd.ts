import { familyFactory, type FamilyFactory } from '../client/index.js';
import { lockdSchema, type LockdFamily } from './generated/lockd.js';

export * from './generated/lockd.js';

/** The lock manager of NFS versions 2 and 3. @public */
export const lockd: FamilyFactory<LockdFamily> = familyFactory(lockdSchema);
