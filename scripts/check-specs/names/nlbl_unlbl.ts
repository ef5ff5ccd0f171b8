import type { HeaderNames } from '../header-names.js';

export const nlblUnlblNames: HeaderNames = {
  headers: [],
  sets: { unlabel: 'NLBL_UNLABEL_A_' },
  operations: { prefix: 'NLBL_UNLABEL_C_' },
};
