import { drmRasSchema } from '../../../lib/families/generated/drm_ras.js';
import type { FamilyComparer } from '../comparer.js';
import { talkComparer } from './ynl-talk.js';

export const comparer: FamilyComparer = talkComparer(drmRasSchema);
