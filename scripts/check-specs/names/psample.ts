import type { HeaderNames } from '../header-names.js';

export const psampleNames: HeaderNames = {
  headers: ['linux/psample.h'],
  sets: { psample: 'PSAMPLE_ATTR_', 'tunnel-key': 'PSAMPLE_TUNNEL_KEY_ATTR_' },
  operations: { prefix: 'PSAMPLE_CMD_', replies: [['GET', 'NEW']] },
};
