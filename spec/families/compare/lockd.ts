import { lockdSchema } from '../../../lib/families/generated/lockd.js';
import type { FamilyComparer } from '../comparer.js';
import { clientComparer } from './client-talk.js';

export const comparer: FamilyComparer = clientComparer(lockdSchema);
