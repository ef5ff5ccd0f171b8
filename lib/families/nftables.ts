import { familyFactory, type FamilyFactory } from '../client/index.js';
import { nftablesSchema, type NftablesFamily } from './generated/nftables.js';

export * from './generated/nftables.js';

/** nftables: tables, chains, rules, sets. @public */
export const nftables: FamilyFactory<NftablesFamily> = familyFactory(nftablesSchema);
