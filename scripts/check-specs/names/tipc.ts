import type { HeaderNames } from '../header-names.js';

export const tipcNames: HeaderNames = {
  headers: ['linux/tipc_netlink.h'],
  sets: {
    tipc: 'TIPC_NLA_',
    bearer: 'TIPC_NLA_BEARER_',
    udp: 'TIPC_NLA_UDP_',
    sock: 'TIPC_NLA_SOCK_',
    link: 'TIPC_NLA_LINK_',
    media: 'TIPC_NLA_MEDIA_',
    node: 'TIPC_NLA_NODE_',
    net: 'TIPC_NLA_NET_',
    'name-table': 'TIPC_NLA_NAME_TABLE_',
    mon: 'TIPC_NLA_MON_',
    publ: 'TIPC_NLA_PUBL_',
    'mon-peer': 'TIPC_NLA_MON_PEER_',
    'sock-group': 'TIPC_NLA_SOCK_GROUP_',
    con: 'TIPC_NLA_CON_',
    'sock-stat': 'TIPC_NLA_SOCK_STAT_',
    prop: 'TIPC_NLA_PROP_',
    stats: 'TIPC_NLA_STATS_',
  },
  // The kernel sends the addresses as bearers.
  names: { 'dump reply/udp-get-remoteip': 'TIPC_NL_BEARER_GET' },
  operations: { prefix: 'TIPC_NL_' },
};
