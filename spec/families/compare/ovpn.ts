import { ovpnSchema } from '../../../lib/families/generated/ovpn.js';
import type { FamilyComparer } from '../comparer.js';
import { clientComparer } from './client-talk.js';

export const comparer: FamilyComparer = clientComparer(ovpnSchema);
