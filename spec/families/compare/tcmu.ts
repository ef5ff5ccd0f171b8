import { tcmuSchema } from '../../../lib/families/generated/tcmu.js';
import type { FamilyComparer } from '../comparer.js';
import { clientComparer } from './client-talk.js';

export const comparer: FamilyComparer = clientComparer(tcmuSchema);
