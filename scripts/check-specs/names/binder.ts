import type { HeaderNames } from '../header-names.js';

export const binderNames: HeaderNames = {
  headers: ['linux/android/binder_netlink.h'],
  sets: {
    report: 'BINDER_A_REPORT_',
  },
  operations: {
    prefix: 'BINDER_CMD_',
  },
};
