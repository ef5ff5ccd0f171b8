import { familyFactory, type FamilyFactory } from '../client/index.js';
import { netShaperSchema, type NetShaperFamily } from './generated/net_shaper.js';

export * from './generated/net_shaper.js';

/** Traffic shaping in hardware. @public */
export const netShaper: FamilyFactory<NetShaperFamily> = familyFactory(netShaperSchema);
