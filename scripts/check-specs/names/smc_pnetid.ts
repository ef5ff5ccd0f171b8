import type { HeaderNames } from '../header-names.js';

export const smcPnetidNames: HeaderNames = {
  headers: ['linux/smc.h'],
  sets: { pnetid: 'SMC_PNETID_' },
  operations: { prefix: 'SMC_PNETID_' },
};
