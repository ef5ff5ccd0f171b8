import { familyFactory, type FamilyFactory } from '../client/index.js';
import { rtNeighSchema, type RtNeighFamily } from './generated/rt-neigh.js';

export * from './generated/rt-neigh.js';

/** Neighbours and bridge forwarding entries. @public */
export const rtNeigh: FamilyFactory<RtNeighFamily> = familyFactory(rtNeighSchema);
