import { pspSchema } from '../../../lib/families/generated/psp.js';
import type { FamilyComparer } from '../comparer.js';
import { compareTalk } from './ynl-talk.js';

export const comparer: FamilyComparer = {
  schema: pspSchema,
  compare: (scene) => {
    compareTalk(pspSchema, scene);
  },
};
