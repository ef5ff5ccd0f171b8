import type { HeaderNames } from '../header-names.js';

export const selinuxNames: HeaderNames = {
  headers: ['linux/selinux_netlink.h'],
  sets: {},
  operations: { prefix: 'SELNL_MSG_' },
};
