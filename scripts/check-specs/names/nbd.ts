import type { HeaderNames } from '../header-names.js';

export const nbdNames: HeaderNames = {
  headers: ['linux/nbd-netlink.h', 'linux/nbd.h'],
  enums: { flag: 'NBD_FLAG_', cflag: 'NBD_CFLAG_' },
  sets: { nbd: 'NBD_ATTR_', 'device-list': 'NBD_DEVICE_', device: 'NBD_DEVICE_', sockets: 'NBD_SOCK_', sock: 'NBD_SOCK_' },
  operations: { prefix: 'NBD_CMD_' },
};
