import { hsrSchema } from '../../../lib/families/generated/hsr.js';
import type { FamilyComparer } from '../comparer.js';
import { programComparer } from './programs.js';

export const comparer: FamilyComparer = programComparer(hsrSchema);
