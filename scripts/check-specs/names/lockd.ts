import type { HeaderNames } from '../header-names.js';

export const lockdNames: HeaderNames = {
  headers: ['linux/lockd_netlink.h'],
  sets: {
    server: 'LOCKD_A_SERVER_',
  },
  operations: {
    prefix: 'LOCKD_CMD_',
  },
};
