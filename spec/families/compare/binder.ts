import { binderSchema } from '../../../lib/families/generated/binder.js';
import type { FamilyComparer } from '../comparer.js';
import { clientComparer } from './client-talk.js';

export const comparer: FamilyComparer = clientComparer(binderSchema);
