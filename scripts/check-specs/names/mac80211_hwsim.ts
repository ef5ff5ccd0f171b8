import type { HeaderNames } from '../header-names.js';

export const mac80211HwsimNames: HeaderNames = {
  headers: ['mac80211_hwsim.h'],
  enums: { 'tx-control': 'HWSIM_TX_', 'tx-rate-flags': 'MAC80211_HWSIM_TX_RC_' },
  sets: { hwsim: 'HWSIM_ATTR_' },
  operations: { prefix: 'HWSIM_CMD_' },
  names: { 'operation/sent-frame': 'HWSIM_CMD_FRAME' },
};
