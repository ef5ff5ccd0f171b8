import { familyFactory, type FamilyFactory } from '../client/index.js';
import { rtNdSchema, type RtNdFamily } from './generated/rt-nd.js';

export * from './generated/rt-nd.js';

/** Prefixes and options that IPv6 routers advertise, as events. @public */
export const rtNd: FamilyFactory<RtNdFamily> = familyFactory(rtNdSchema);
