import type { HeaderNames } from '../header-names.js';

export const hsrNames: HeaderNames = {
  headers: ['linux/hsr_netlink.h'],
  sets: { hsr: 'HSR_A_' },
  operations: { prefix: 'HSR_C_', replies: [['GET', 'SET']] },
};
