import { pspSchema } from '../../../lib/families/generated/psp.js';
import type { FamilyComparer } from '../comparer.js';
import { talkComparer } from './ynl-talk.js';

export const comparer: FamilyComparer = talkComparer(pspSchema);
