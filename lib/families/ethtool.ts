import { familyFactory, type FamilyFactory } from '../client/index.js';
import { ethtoolSchema, type EthtoolFamily } from './generated/ethtool.js';

export * from './generated/ethtool.js';

/** Link settings, rings, coalescing, features, statistics. @public */
export const ethtool: FamilyFactory<EthtoolFamily> = familyFactory(ethtoolSchema);
