import { netShaperSchema } from '../../../lib/families/generated/net_shaper.js';
import type { FamilyComparer } from '../comparer.js';
import { compareTalk } from './ynl-talk.js';

export const comparer: FamilyComparer = {
  schema: netShaperSchema,
  compare: (scene) => {
    compareTalk(netShaperSchema, scene);
  },
};
