import { psampleSchema } from '../../../lib/families/generated/psample.js';
import type { FamilyComparer } from '../comparer.js';
import { programComparer } from './programs.js';

export const comparer: FamilyComparer = programComparer(psampleSchema);
