import type { HeaderNames } from '../header-names.js';

export const pspNames: HeaderNames = {
  headers: ['linux/psp.h'],
  enums: {
    version: 'PSP_VERSION_',
  },
  sets: {
    'assoc-dev-info': 'PSP_A_ASSOC_DEV_INFO_',
    dev: 'PSP_A_DEV_',
    assoc: 'PSP_A_ASSOC_',
    keys: 'PSP_A_KEYS_',
    stats: 'PSP_A_STATS_',
  },
  operations: {
    prefix: 'PSP_CMD_',
  },
};
