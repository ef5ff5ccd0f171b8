import { smcSchema } from '../../../lib/families/generated/smc.js';
import type { FamilyComparer } from '../comparer.js';
import { clientComparer } from './client-talk.js';

export const comparer: FamilyComparer = clientComparer(smcSchema);
