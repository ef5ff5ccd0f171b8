import { familyFactory, type FamilyFactory } from '../client/index.js';
import { smcPnetidSchema, type SmcPnetidFamily } from './generated/smc_pnetid.js';

export * from './generated/smc_pnetid.js';

/** SMC: the physical networks of interfaces and RDMA devices. The family is SMC_PNETID. @public */
export const smcPnetid: FamilyFactory<SmcPnetidFamily> = familyFactory(smcPnetidSchema);
