import type { HeaderNames } from '../header-names.js';

export const rtNetconfNames: HeaderNames = {
  headers: ['linux/netconf.h', 'linux/rtnetlink.h'],
  sets: {
    'netconf-attrs': 'NETCONFA_',
  },
  operations: {
    prefix: 'RTM_',
    replies: [['GET', 'NEW']],
  },
  groups: 'RTNLGRP_',
};
