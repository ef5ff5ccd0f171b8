import type { HeaderNames } from '../header-names.js';

export const rtRouteNames: HeaderNames = {
  headers: ['linux/rtnetlink.h'],
  enums: {
    'rtm-type': 'RTN_',
  },
  sets: {
    'route-attrs': 'RTA_',
    metrics: 'RTAX_',
  },
  operations: {
    prefix: 'RTM_',
    replies: [['GET', 'NEW']],
  },
  groups: 'RTNLGRP_',
};
