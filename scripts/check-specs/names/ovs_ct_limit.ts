import type { HeaderNames } from '../header-names.js';

export const ovsCtLimitNames: HeaderNames = {
  headers: ['linux/openvswitch.h'],
  sets: { 'ct-limit': 'OVS_CT_LIMIT_ATTR_' },
  operations: { prefix: 'OVS_CT_LIMIT_CMD_' },
};
