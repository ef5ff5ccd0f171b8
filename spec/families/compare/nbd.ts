import { nbdSchema } from '../../../lib/families/generated/nbd.js';
import type { FamilyComparer } from '../comparer.js';
import { clientComparer } from './client-talk.js';

export const comparer: FamilyComparer = clientComparer(nbdSchema);
