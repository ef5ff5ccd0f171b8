import { ovpnSchema } from '../../../lib/families/generated/ovpn.js';
import type { FamilyComparer } from '../comparer.js';
import { compareClient } from './client-talk.js';

export const comparer: FamilyComparer = {
  schema: ovpnSchema,
  compare: (scene) => {
    compareClient(ovpnSchema, scene);
  },
};
