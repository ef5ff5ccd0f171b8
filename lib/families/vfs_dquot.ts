import { familyFactory, type FamilyFactory } from '../client/index.js';
import { vfsDquotSchema, type VfsDquotFamily } from './generated/vfs_dquot.js';

export * from './generated/vfs_dquot.js';

/** Warnings of disk quotas. The family exists in the first network namespace only. @public */
export const vfsDquot: FamilyFactory<VfsDquotFamily> = familyFactory(vfsDquotSchema);
