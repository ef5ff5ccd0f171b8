import { smcPnetidSchema } from '../../../lib/families/generated/smc_pnetid.js';
import type { FamilyComparer } from '../comparer.js';
import { compareClient } from './client-talk.js';

export const comparer: FamilyComparer = {
  schema: smcPnetidSchema,
  compare: (scene) => {
    compareClient(smcPnetidSchema, scene);
  },
};
