import type { HeaderNames } from '../header-names.js';

export const l2tpNames: HeaderNames = {
  headers: ['linux/l2tp.h'],
  enums: { pwtype: 'L2TP_PWTYPE_', encaptype: 'L2TP_ENCAPTYPE_', l2spectype: 'L2TP_L2SPECTYPE_' },
  sets: { l2tp: 'L2TP_ATTR_', stats: 'L2TP_ATTR_' },
  operations: { prefix: 'L2TP_CMD_' },
};
