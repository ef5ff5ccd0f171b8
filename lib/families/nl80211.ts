import { familyFactory, type FamilyFactory } from '../client/index.js';
import { nl80211Schema, type Nl80211Family } from './generated/nl80211.js';

export * from './generated/nl80211.js';

/** Wi-Fi. @public */
export const nl80211: FamilyFactory<Nl80211Family> = familyFactory(nl80211Schema);
