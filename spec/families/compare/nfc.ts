import { nfcSchema } from '../../../lib/families/generated/nfc.js';
import type { FamilyComparer } from '../comparer.js';
import { compareClient } from './client-talk.js';

export const comparer: FamilyComparer = {
  schema: nfcSchema,
  compare: (scene) => {
    compareClient(nfcSchema, scene);
  },
};
