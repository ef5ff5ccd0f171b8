import type { HeaderNames } from '../header-names.js';

export const nlblMgmtNames: HeaderNames = {
  headers: [],
  enums: { protocol: 'NETLBL_NLTYPE_' },
  sets: { mgmt: 'NLBL_MGMT_A_' },
  operations: { prefix: 'NLBL_MGMT_C_' },
};
