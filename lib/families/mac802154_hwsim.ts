import { familyFactory, type FamilyFactory } from '../client/index.js';
import { mac802154HwsimSchema, type Mac802154HwsimFamily } from './generated/mac802154_hwsim.js';

export * from './generated/mac802154_hwsim.js';

/** Simulated radios of IEEE 802.15.4. The family exists in the first network namespace only. @public */
export const mac802154Hwsim: FamilyFactory<Mac802154HwsimFamily> = familyFactory(mac802154HwsimSchema);
