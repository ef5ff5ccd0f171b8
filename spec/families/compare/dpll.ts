import { dpllSchema } from '../../../lib/families/generated/dpll.js';
import type { FamilyComparer } from '../comparer.js';
import { compareTalk } from './ynl-talk.js';

export const comparer: FamilyComparer = {
  schema: dpllSchema,
  compare: (scene) => {
    compareTalk(dpllSchema, scene);
  },
};
