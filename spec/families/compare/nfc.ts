import { nfcSchema } from '../../../lib/families/generated/nfc.js';
import type { FamilyComparer } from '../comparer.js';
import { clientComparer } from './client-talk.js';

export const comparer: FamilyComparer = clientComparer(nfcSchema);
