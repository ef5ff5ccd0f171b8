import { familyFactory, type FamilyFactory } from '../client/index.js';
import { dcbSchema, type DcbFamily } from './generated/dcb.js';

export * from './generated/dcb.js';

/** Data center bridging: bandwidth, priorities and flow control of interfaces. @public */
export const dcb: FamilyFactory<DcbFamily> = familyFactory(dcbSchema);
