import type { HeaderNames } from '../header-names.js';

export const vfsDquotNames: HeaderNames = {
  headers: ['linux/quota.h'],
  enums: { 'warning-type': 'QUOTA_NL_' },
  sets: { warning: 'QUOTA_NL_A_' },
  operations: { prefix: 'QUOTA_NL_C_' },
  names: { 'quota-type/usrquota': 'USRQUOTA', 'quota-type/grpquota': 'GRPQUOTA', 'quota-type/prjquota': 'PRJQUOTA' },
};
