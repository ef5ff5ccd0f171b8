import { binderSchema } from '../../../lib/families/generated/binder.js';
import type { FamilyComparer } from '../comparer.js';
import { compareClient } from './client-talk.js';

export const comparer: FamilyComparer = {
  schema: binderSchema,
  compare: (scene) => {
    compareClient(binderSchema, scene);
  },
};
