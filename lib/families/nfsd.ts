import { familyFactory, type FamilyFactory } from '../client/index.js';
import { nfsdSchema, type NfsdFamily } from './generated/nfsd.js';

export * from './generated/nfsd.js';

/** The NFS server. @public */
export const nfsd: FamilyFactory<NfsdFamily> = familyFactory(nfsdSchema);
