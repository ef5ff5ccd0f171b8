import type { HeaderNames } from '../header-names.js';

export const batadvNames: HeaderNames = {
  headers: ['linux/batman_adv.h'],
  enums: {
    'tt-client': 'BATADV_TT_CLIENT_',
    'gw-mode': 'BATADV_GW_MODE_',
    'tp-reason': 'BATADV_TP_REASON_',
    'mcast-flags': 'BATADV_MCAST_FLAGS_',
  },
  sets: { batadv: 'BATADV_ATTR_' },
  operations: { prefix: 'BATADV_CMD_' },
};
