import { ksmbdSchema } from '../../../lib/families/generated/ksmbd.js';
import type { FamilyComparer } from '../comparer.js';
import { clientComparer } from './client-talk.js';

export const comparer: FamilyComparer = clientComparer(ksmbdSchema);
