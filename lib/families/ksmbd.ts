import { familyFactory, type FamilyFactory } from '../client/index.js';
import { ksmbdSchema, type KsmbdFamily } from './generated/ksmbd.js';

export * from './generated/ksmbd.js';

/** The SMB server of the kernel: requests to its daemon, and the answers. The family is SMBD_GENL. @public */
export const ksmbd: FamilyFactory<KsmbdFamily> = familyFactory(ksmbdSchema);
