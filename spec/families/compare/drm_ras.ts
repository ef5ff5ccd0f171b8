import { drmRasSchema } from '../../../lib/families/generated/drm_ras.js';
import type { FamilyComparer } from '../comparer.js';
import { compareTalk } from './ynl-talk.js';

export const comparer: FamilyComparer = {
  schema: drmRasSchema,
  compare: (scene) => {
    compareTalk(drmRasSchema, scene);
  },
};
