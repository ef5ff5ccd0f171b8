import type { HeaderNames } from '../header-names.js';

export const rtNsidNames: HeaderNames = {
  headers: ['linux/net_namespace.h', 'linux/rtnetlink.h'],
  sets: {
    'nsid-attrs': 'NETNSA_',
  },
  operations: {
    prefix: 'RTM_',
    replies: [['GET', 'NEW']],
  },
  groups: 'RTNLGRP_',
};
