import type { HeaderNames } from '../header-names.js';

export const conntrackExpectNames: HeaderNames = {
  headers: [
    'linux/netfilter/nfnetlink.h',
    'linux/netfilter/nfnetlink_compat.h',
    'linux/netfilter/nfnetlink_conntrack.h',
    'linux/netfilter/nf_conntrack_common.h',
  ],
  enums: {
    'expect-flags': 'NF_CT_EXPECT_',
  },
  sets: {
    'expect-attrs': 'CTA_EXPECT_',
    'expect-nat-attrs': 'CTA_EXPECT_NAT_',
    'tuple-attrs': 'CTA_',
    'tuple-ip-attrs': 'CTA_',
    'tuple-proto-attrs': 'CTA_',
    'stats-attrs': 'CTA_STATS_EXP_',
  },
  operations: {
    prefix: 'IPCTNL_MSG_EXP_',
    base: 'NFNL_SUBSYS_CTNETLINK_EXP << 8',
    replies: [['GET', 'NEW']],
  },
  groups: 'NFNLGRP_',
  names: {
    'operation/get-stats': '(NFNL_SUBSYS_CTNETLINK_EXP << 8) + IPCTNL_MSG_EXP_GET_STATS_CPU',
    'reply/get-stats': '(NFNL_SUBSYS_CTNETLINK << 8) + IPCTNL_MSG_EXP_GET_STATS_CPU',
  },
};
