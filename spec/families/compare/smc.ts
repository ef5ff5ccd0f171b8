import { smcSchema } from '../../../lib/families/generated/smc.js';
import type { FamilyComparer } from '../comparer.js';
import { compareClient } from './client-talk.js';

export const comparer: FamilyComparer = {
  schema: smcSchema,
  compare: (scene) => {
    compareClient(smcSchema, scene);
  },
};
