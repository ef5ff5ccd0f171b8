import { familyFactory, type FamilyFactory } from '../client/index.js';
import { mac80211HwsimSchema, type Mac80211HwsimFamily } from './generated/mac80211_hwsim.js';

export * from './generated/mac80211_hwsim.js';

/** Simulated radios of Wi-Fi. `nl80211` has their interfaces. @public */
export const mac80211Hwsim: FamilyFactory<Mac80211HwsimFamily> = familyFactory(mac80211HwsimSchema);
