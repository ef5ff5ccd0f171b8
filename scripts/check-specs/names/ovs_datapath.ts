import type { HeaderNames } from '../header-names.js';

export const ovsDatapathNames: HeaderNames = {
  headers: ['linux/openvswitch.h'],
  enums: {
    'user-features': 'OVS_DP_F_',
  },
  sets: {
    datapath: 'OVS_DP_ATTR_',
  },
  operations: {
    prefix: 'OVS_DP_CMD_',
    replies: [['$', '']],
  },
  names: {
    'ovs-dp-megaflow-stats/padding': 'pad0',
  },
};
