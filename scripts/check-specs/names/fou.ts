import type { HeaderNames } from '../header-names.js';

export const fouNames: HeaderNames = {
  headers: ['linux/fou.h'],
  enums: {
    'encap-type': 'FOU_ENCAP_',
  },
  sets: {
    fou: 'FOU_ATTR_',
  },
  operations: {
    prefix: 'FOU_CMD_',
  },
};
