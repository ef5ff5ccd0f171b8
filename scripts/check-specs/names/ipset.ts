import type { HeaderNames } from '../header-names.js';

export const ipsetNames: HeaderNames = {
  headers: [
    'linux/netfilter/nfnetlink.h',
    'linux/netfilter/ipset/ip_set.h',
    'linux/netfilter/ipset/ip_set_bitmap.h',
    'linux/netfilter/ipset/ip_set_hash.h',
    'linux/netfilter/ipset/ip_set_list.h',
  ],
  enums: {
    'list-flags': 'IPSET_FLAG_',
    'create-flags': 'IPSET_FLAG_',
    'entry-flags': 'IPSET_FLAG_',
  },
  sets: {
    command: 'IPSET_ATTR_',
    version: 'IPSET_ATTR_',
    pair: 'IPSET_ATTR_',
    change: 'IPSET_ATTR_',
    entries: 'IPSET_ATTR_',
    create: 'IPSET_ATTR_',
    entry: 'IPSET_ATTR_',
    address: 'IPSET_ATTR_IPADDR_',
  },
  operations: {
    prefix: 'IPSET_CMD_',
    base: 'NFNL_SUBSYS_IPSET << 8',
  },
  names: {
    'reply/save': '(NFNL_SUBSYS_IPSET << 8) + IPSET_CMD_LIST',
  },
};
