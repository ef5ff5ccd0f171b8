import type { HeaderNames } from '../header-names.js';

export const rtVlanNames: HeaderNames = {
  headers: ['linux/types.h', 'linux/in6.h', 'linux/if_bridge.h', 'linux/rtnetlink.h'],
  enums: {
    'vlan-info-flags': 'BRIDGE_VLAN_INFO_',
    'dump-flags': 'BRIDGE_VLANDB_DUMPF_',
    'port-state': 'BR_STATE_',
    'router-type': 'MDB_RTR_TYPE_',
  },
  sets: {
    'dump-attrs': 'BRIDGE_VLANDB_DUMP_',
    'vlandb-attrs': 'BRIDGE_VLANDB_',
    'entry-attrs': 'BRIDGE_VLANDB_ENTRY_',
    'tinfo-attrs': 'BRIDGE_VLANDB_TINFO_',
    'stats-attrs': 'BRIDGE_VLANDB_STATS_',
    'gopts-attrs': 'BRIDGE_VLANDB_GOPTS_',
    'mdba-attrs': 'MDBA_',
    'router-attrs': 'MDBA_ROUTER_',
    'router-pattr-attrs': 'MDBA_ROUTER_PATTR_',
    'querier-attrs': 'BRIDGE_QUERIER_',
  },
  excerpts: ['mdba-attrs'],
  operations: {
    prefix: 'RTM_',
    replies: [['GET', 'NEW']],
  },
  groups: 'RTNLGRP_',
};
