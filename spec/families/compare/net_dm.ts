import { netDmSchema } from '../../../lib/families/generated/net_dm.js';
import type { FamilyComparer } from '../comparer.js';
import { programComparer } from './programs.js';

export const comparer: FamilyComparer = programComparer(netDmSchema);
