import type { HeaderNames } from '../header-names.js';

export const nlblCalipsoNames: HeaderNames = {
  headers: [],
  enums: { map: 'CALIPSO_MAP_' },
  sets: { calipso: 'NLBL_CALIPSO_A_' },
  operations: { prefix: 'NLBL_CALIPSO_C_' },
};
