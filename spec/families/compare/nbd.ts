import { nbdSchema } from '../../../lib/families/generated/nbd.js';
import type { FamilyComparer } from '../comparer.js';
import { compareClient } from './client-talk.js';

export const comparer: FamilyComparer = {
  schema: nbdSchema,
  compare: (scene) => {
    compareClient(nbdSchema, scene);
  },
};
