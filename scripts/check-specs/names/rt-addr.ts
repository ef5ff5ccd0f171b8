import type { HeaderNames } from '../header-names.js';

export const rtAddrNames: HeaderNames = {
  headers: ['linux/if_addr.h', 'linux/rtnetlink.h'],
  enums: {
    'rt-scope': 'RT_SCOPE_',
    'ifa-protocol': 'IFAPROT_',
    'ifa-flags': 'IFA_F_',
  },
  sets: {
    'addr-attrs': 'IFA_',
  },
  operations: {
    prefix: 'RTM_',
    replies: [['GET', 'NEW']],
  },
  groups: 'RTNLGRP_',
  names: {
    'reply/getmulticast': 'RTM_GETMULTICAST',
    'reply/getanycast': 'RTM_GETANYCAST',
  },
};
