import { familyFactory, type FamilyFactory } from '../client/index.js';
import { drbdSchema, type DrbdFamily } from './generated/drbd.js';

export * from './generated/drbd.js';

/**
 * DRBD: resources, devices and connections of replicated block devices. The family exists in the first network namespace only.
 * A request that DRBD rejects has a reply, whose `flags` are the number of the error and whose `cfgReply.infoText` is its text.
 * @public
 */
export const drbd: FamilyFactory<DrbdFamily> = familyFactory(drbdSchema);
