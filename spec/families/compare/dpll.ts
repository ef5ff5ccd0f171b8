import { dpllSchema } from '../../../lib/families/generated/dpll.js';
import type { FamilyComparer } from '../comparer.js';
import { talkComparer } from './ynl-talk.js';

export const comparer: FamilyComparer = talkComparer(dpllSchema);
