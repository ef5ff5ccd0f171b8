import { handshakeSchema } from '../../../lib/families/generated/handshake.js';
import type { FamilyComparer } from '../comparer.js';
import { compareTalk } from './ynl-talk.js';

export const comparer: FamilyComparer = {
  schema: handshakeSchema,
  compare: (scene) => {
    compareTalk(handshakeSchema, scene);
  },
};
