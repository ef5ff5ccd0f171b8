import { familyFactory, type FamilyFactory } from '../client/index.js';
import { nfcSchema, type NfcFamily } from './generated/nfc.js';

export * from './generated/nfc.js';

/** NFC: adapters, tags and secure elements. @public */
export const nfc: FamilyFactory<NfcFamily> = familyFactory(nfcSchema);
