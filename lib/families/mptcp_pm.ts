import { familyFactory, type FamilyFactory } from '../client/index.js';
import { mptcpPmSchema, type MptcpPmFamily } from './generated/mptcp_pm.js';

export * from './generated/mptcp_pm.js';

/** Path management of multipath TCP. @public */
export const mptcpPm: FamilyFactory<MptcpPmFamily> = familyFactory(mptcpPmSchema);
