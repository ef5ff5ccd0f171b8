import { netShaperSchema } from '../../../lib/families/generated/net_shaper.js';
import type { FamilyComparer } from '../comparer.js';
import { talkComparer } from './ynl-talk.js';

export const comparer: FamilyComparer = talkComparer(netShaperSchema);
