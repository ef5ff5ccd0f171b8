import type { HeaderNames } from '../header-names.js';

export const wireguardNames: HeaderNames = {
  headers: ['linux/time_types.h', 'linux/wireguard.h'],
  structs: {
    '--kernel-timespec': 'struct __kernel_timespec',
  },
  enums: {
    'wgdevice-flags': 'WGDEVICE_F_',
    'wgpeer-flags': 'WGPEER_F_',
    'wgallowedip-flags': 'WGALLOWEDIP_F_',
  },
  sets: {
    wgdevice: 'WGDEVICE_A_',
    wgpeer: 'WGPEER_A_',
    wgallowedip: 'WGALLOWEDIP_A_',
  },
  operations: {
    prefix: 'WG_CMD_',
  },
  members: {
    '--kernel-timespec': 'tv_',
  },
};
