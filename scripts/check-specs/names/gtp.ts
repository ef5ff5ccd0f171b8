import type { HeaderNames } from '../header-names.js';

export const gtpNames: HeaderNames = {
  headers: ['linux/gtp.h'],
  enums: { version: 'GTP_' },
  sets: { pdp: 'GTPA_' },
  operations: { prefix: 'GTP_CMD_' },
};
