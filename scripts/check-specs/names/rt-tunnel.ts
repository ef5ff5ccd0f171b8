import type { HeaderNames } from '../header-names.js';

export const rtTunnelNames: HeaderNames = {
  headers: ['linux/if_link.h', 'linux/rtnetlink.h'],
  enums: { 'tunnel-msg-flag': 'TUNNEL_MSG_FLAG_' },
  sets: { vnifilter: 'VXLAN_VNIFILTER_', entry: 'VXLAN_VNIFILTER_ENTRY_', stats: 'VNIFILTER_ENTRY_STATS_' },
  operations: { prefix: 'RTM_', replies: [['GET', 'NEW']] },
  groups: 'RTNLGRP_',
};
