import type { HeaderNames } from '../header-names.js';

export const rtMdbNames: HeaderNames = {
  headers: ['linux/types.h', 'linux/in.h', 'linux/in6.h', 'linux/if_ether.h', 'linux/if_bridge.h', 'linux/rtnetlink.h'],
  enums: {
    'group-protocol': 'ETH_P_',
    'entry-state': 'MDB_',
    'entry-flags': 'MDB_FLAGS_',
    'filter-mode': 'MCAST_',
    'router-type': 'MDB_RTR_TYPE_',
  },
  sets: {
    'mdba-attrs': 'MDBA_',
    'mdb-attrs': 'MDBA_MDB_',
    'entry-attrs': 'MDBA_MDB_ENTRY_',
    'eattr-attrs': 'MDBA_MDB_EATTR_',
    'srclist-attrs': 'MDBA_MDB_SRCLIST_',
    'srcattr-attrs': 'MDBA_MDB_SRCATTR_',
    'router-attrs': 'MDBA_ROUTER_',
    'router-pattr-attrs': 'MDBA_ROUTER_PATTR_',
    'set-attrs': 'MDBA_SET_ENTRY_',
    'get-attrs': 'MDBA_GET_ENTRY_',
    'mdbe-attrs': 'MDBE_ATTR_',
    'mdbe-src-list-attrs': 'MDBE_SRC_LIST_',
    'mdbe-srcattr-attrs': 'MDBE_SRCATTR_',
  },
  operations: {
    prefix: 'RTM_',
    replies: [['GET', 'NEW']],
  },
  groups: 'RTNLGRP_',
  names: {
    'dump reply/getmdb': 'RTM_GETMDB',
    'set-attrs/entry': 'MDBA_SET_ENTRY',
    'get-attrs/entry': 'MDBA_GET_ENTRY',
    'group-protocol/mac': '0',
    'group-protocol/ipv4': 'ETH_P_IP',
    'br-mdb-entry/addr': 'addr.u',
    'br-mdb-entry/proto': 'addr.proto',
    'eattr-attrs/remote-ifindex': 'MDBA_MDB_EATTR_IFINDEX',
    'mdbe-attrs/remote-ifindex': 'MDBE_ATTR_IFINDEX',
  },
};
