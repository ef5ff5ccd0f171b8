import type { HeaderNames } from '../header-names.js';

export const rtNdNames: HeaderNames = {
  headers: ['linux/rtnetlink.h'],
  sets: { prefix: 'PREFIX_', nduseropt: 'NDUSEROPT_' },
  operations: { prefix: 'RTM_' },
  groups: 'RTNLGRP_',
  members: { nduseroptmsg: 'nduseropt_' },
};
