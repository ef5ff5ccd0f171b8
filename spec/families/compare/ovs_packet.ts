import { ovsPacketSchema } from '../../../lib/families/generated/ovs_packet.js';
import type { FamilyComparer } from '../comparer.js';
import { programComparer } from './programs.js';

export const comparer: FamilyComparer = programComparer(ovsPacketSchema);
