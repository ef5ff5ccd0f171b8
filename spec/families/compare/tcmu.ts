import { tcmuSchema } from '../../../lib/families/generated/tcmu.js';
import type { FamilyComparer } from '../comparer.js';
import { compareClient } from './client-talk.js';

export const comparer: FamilyComparer = {
  schema: tcmuSchema,
  compare: (scene) => {
    compareClient(tcmuSchema, scene);
  },
};
