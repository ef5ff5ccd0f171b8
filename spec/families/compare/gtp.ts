import { gtpSchema } from '../../../lib/families/generated/gtp.js';
import type { FamilyComparer } from '../comparer.js';
import { programComparer } from './programs.js';

export const comparer: FamilyComparer = programComparer(gtpSchema);
