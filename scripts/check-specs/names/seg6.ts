import type { HeaderNames } from '../header-names.js';

export const seg6Names: HeaderNames = {
  headers: ['linux/seg6_genl.h', 'linux/seg6_hmac.h'],
  enums: { 'hmac-algo': 'SEG6_HMAC_ALGO_' },
  sets: { seg6: 'SEG6_ATTR_' },
  operations: { prefix: 'SEG6_CMD_' },
  names: { 'operation/set-tunsrc': 'SEG6_CMD_SET_TUNSRC' },
};
