import { mac80211HwsimSchema } from '../../../lib/families/generated/mac80211_hwsim.js';
import type { FamilyComparer } from '../comparer.js';
import { programComparer } from './programs.js';

export const comparer: FamilyComparer = programComparer(mac80211HwsimSchema);
