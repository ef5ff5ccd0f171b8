import type { HeaderNames } from '../header-names.js';

export const netShaperNames: HeaderNames = {
  headers: ['linux/net_shaper.h'],
  enums: {
    scope: 'NET_SHAPER_SCOPE_',
    metric: 'NET_SHAPER_METRIC_',
  },
  sets: {
    'net-shaper': 'NET_SHAPER_A_',
    handle: 'NET_SHAPER_A_HANDLE_',
    caps: 'NET_SHAPER_A_CAPS_',
  },
  operations: {
    prefix: 'NET_SHAPER_CMD_',
  },
};
