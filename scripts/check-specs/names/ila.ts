import type { HeaderNames } from '../header-names.js';

export const ilaNames: HeaderNames = {
  headers: ['linux/ila.h'],
  enums: { 'csum-mode': 'ILA_CSUM_', 'identifier-type': 'ILA_ATYPE_', 'hook-type': 'ILA_HOOK_' },
  sets: { ila: 'ILA_ATTR_' },
  operations: { prefix: 'ILA_CMD_' },
};
