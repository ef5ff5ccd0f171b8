import { lockdSchema } from '../../../lib/families/generated/lockd.js';
import type { FamilyComparer } from '../comparer.js';
import { compareClient } from './client-talk.js';

export const comparer: FamilyComparer = {
  schema: lockdSchema,
  compare: (scene) => {
    compareClient(lockdSchema, scene);
  },
};
