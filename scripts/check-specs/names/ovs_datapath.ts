import type { HeaderNames } from '../header-names.js';

export const ovsDatapathNames: HeaderNames = {
  headers: ['linux/openvswitch.h'],
  structs: {
    'datapath-stats': 'struct ovs_dp_stats',
    'megaflow-stats': 'struct ovs_dp_megaflow_stats',
  },
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
    'megaflow-stats/padding': 'pad0',
  },
};
