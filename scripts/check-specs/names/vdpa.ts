import type { HeaderNames } from '../header-names.js';

export const vdpaNames: HeaderNames = {
  headers: ['linux/vdpa.h'],
  sets: { vdpa: 'VDPA_ATTR_' },
  operations: {
    prefix: 'VDPA_CMD_',
    replies: [
      ['MGMTDEV_GET', 'MGMTDEV_NEW'],
      ['CMD_DEV_GET', 'CMD_DEV_NEW'],
    ],
  },
};
