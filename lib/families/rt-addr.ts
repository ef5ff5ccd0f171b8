import { familyFactory, type FamilyFactory } from '../client/index.js';
import { rtAddrSchema, type RtAddrFamily } from './generated/rt-addr.js';

export * from './generated/rt-addr.js';

/** IP addresses. @public */
export const rtAddr: FamilyFactory<RtAddrFamily> = familyFactory(rtAddrSchema);
