import type { HeaderNames } from '../header-names.js';

export const rtRuleNames: HeaderNames = {
  headers: ['linux/fib_rules.h', 'linux/rtnetlink.h'],
  enums: {
    'rt-protocol': 'RTPROT_',
    'rt-table': 'RT_TABLE_',
    'fr-act': 'FR_ACT_',
  },
  sets: {
    'fib-rule-attrs': 'FRA_',
  },
  operations: {
    prefix: 'RTM_',
    replies: [['GET', 'NEW']],
  },
  groups: 'RTNLGRP_',
  members: {
    rtgenmsg: 'rtgen_',
  },
};
