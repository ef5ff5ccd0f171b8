import { smcPnetidSchema } from '../../../lib/families/generated/smc_pnetid.js';
import type { FamilyComparer } from '../comparer.js';
import { clientComparer } from './client-talk.js';

export const comparer: FamilyComparer = clientComparer(smcPnetidSchema);
