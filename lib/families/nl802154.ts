import { familyFactory, type FamilyFactory } from '../client/index.js';
import { nl802154Schema, type Nl802154Family } from './generated/nl802154.js';

export * from './generated/nl802154.js';

/** IEEE 802.15.4 radios, their interfaces, networks, scans and associations. @public */
export const nl802154: FamilyFactory<Nl802154Family> = familyFactory(nl802154Schema);
