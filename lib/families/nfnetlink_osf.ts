import { familyFactory, type FamilyFactory } from '../client/index.js';
import { nfnetlinkOsfSchema, type NfnetlinkOsfFamily } from './generated/nfnetlink_osf.js';

export * from './generated/nfnetlink_osf.js';

/** Fingerprints of operating systems. The kernel lists none. @public */
export const nfnetlinkOsf: FamilyFactory<NfnetlinkOsfFamily> = familyFactory(nfnetlinkOsfSchema);
