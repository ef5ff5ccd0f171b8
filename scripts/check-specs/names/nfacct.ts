import type { HeaderNames } from '../header-names.js';

export const nfacctNames: HeaderNames = {
  headers: ['linux/netfilter/nfnetlink.h', 'linux/netfilter/nfnetlink_acct.h'],
  enums: { flags: 'NFACCT_F_' },
  sets: { acct: 'NFACCT_', filter: 'NFACCT_FILTER_' },
  operations: { prefix: 'NFNL_MSG_ACCT_', base: 'NFNL_SUBSYS_ACCT << 8' },
  names: {
    'reply/get': '(NFNL_SUBSYS_ACCT << 8) + NFNL_MSG_ACCT_NEW',
    'reply/get-ctrzero': '(NFNL_SUBSYS_ACCT << 8) + NFNL_MSG_ACCT_NEW',
  },
};
