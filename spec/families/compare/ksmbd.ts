import { ksmbdSchema } from '../../../lib/families/generated/ksmbd.js';
import type { FamilyComparer } from '../comparer.js';
import { compareClient } from './client-talk.js';

export const comparer: FamilyComparer = {
  schema: ksmbdSchema,
  compare: (scene) => {
    compareClient(ksmbdSchema, scene);
  },
};
