import type { HeaderNames } from '../header-names.js';

export const mac802154HwsimNames: HeaderNames = {
  headers: ['mac802154_hwsim.h'],
  sets: { radio: 'MAC802154_HWSIM_ATTR_', edge: 'MAC802154_HWSIM_EDGE_ATTR_' },
  operations: { prefix: 'MAC802154_HWSIM_CMD_' },
};
