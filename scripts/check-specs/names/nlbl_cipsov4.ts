import type { HeaderNames } from '../header-names.js';

export const nlblCipsov4Names: HeaderNames = {
  headers: [],
  enums: { map: 'CIPSO_V4_MAP_' },
  sets: { cipsov4: 'NLBL_CIPSOV4_A_' },
  operations: { prefix: 'NLBL_CIPSOV4_C_' },
};
