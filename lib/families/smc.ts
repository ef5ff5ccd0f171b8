import { familyFactory, type FamilyFactory } from '../client/index.js';
import { smcSchema, type SmcFamily } from './generated/smc.js';

export * from './generated/smc.js';

/** SMC: link groups, links, devices, statistics and identifiers. The family is SMC_GEN_NETLINK. @public */
export const smc: FamilyFactory<SmcFamily> = familyFactory(smcSchema);
