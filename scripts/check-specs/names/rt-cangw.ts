import type { HeaderNames } from '../header-names.js';

export const rtCangwNames: HeaderNames = {
  headers: ['linux/can.h', 'linux/can/gw.h', 'linux/rtnetlink.h'],
  enums: { 'cgw-type': 'CGW_TYPE_', 'cgw-flags': 'CGW_FLAGS_CAN_', 'cgw-mod': 'CGW_MOD_', 'crc8-profile': 'CGW_CRC8PRF_' },
  sets: { cgw: 'CGW_' },
  operations: { prefix: 'RTM_', replies: [['GET', 'NEW']] },
  names: {
    'cgw-frame-mod/can-id': 'cf.can_id',
    'cgw-frame-mod/len': 'cf.len',
    'cgw-frame-mod/len8-dlc': 'cf.len8_dlc',
    'cgw-frame-mod/data': 'cf.data',
    'cgw-fdframe-mod/can-id': 'cf.can_id',
    'cgw-fdframe-mod/len': 'cf.len',
    'cgw-fdframe-mod/flags': 'cf.flags',
    'cgw-fdframe-mod/data': 'cf.data',
  },
};
