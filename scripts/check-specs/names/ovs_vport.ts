import type { HeaderNames } from '../header-names.js';

export const ovsVportNames: HeaderNames = {
  headers: ['linux/openvswitch.h'],
  enums: {
    'vport-type': 'OVS_VPORT_TYPE_',
  },
  sets: {
    'vport-options': 'OVS_TUNNEL_ATTR_',
    'upcall-stats': 'OVS_VPORT_UPCALL_ATTR_',
    vport: 'OVS_VPORT_ATTR_',
  },
  operations: {
    prefix: 'OVS_VPORT_CMD_',
  },
};
