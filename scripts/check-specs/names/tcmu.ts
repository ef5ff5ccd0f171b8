import type { HeaderNames } from '../header-names.js';

export const tcmuNames: HeaderNames = {
  headers: ['linux/target_core_user.h'],
  sets: { tcmu: 'TCMU_ATTR_' },
  operations: { prefix: 'TCMU_CMD_' },
};
