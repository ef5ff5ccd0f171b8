import { familyFactory, type FamilyFactory } from '../client/index.js';
import { rtLinkSchema, type RtLinkFamily } from './generated/rt-link.js';

export * from './generated/rt-link.js';

/** Network interfaces. @public */
export const rtLink: FamilyFactory<RtLinkFamily> = familyFactory(rtLinkSchema);
