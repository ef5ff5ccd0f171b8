import { familyFactory, type FamilyFactory } from '../client/index.js';
import { selinuxSchema, type SelinuxFamily } from './generated/selinux.js';

export * from './generated/selinux.js';

/** Events of SELinux. @public */
export const selinux: FamilyFactory<SelinuxFamily> = familyFactory(selinuxSchema);
