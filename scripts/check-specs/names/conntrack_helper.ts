import type { HeaderNames } from '../header-names.js';

export const conntrackHelperNames: HeaderNames = {
  headers: ['linux/netfilter/nfnetlink.h', 'linux/netfilter/nfnetlink_cthelper.h'],
  enums: { 'helper-status': 'NFCT_HELPER_STATUS_' },
  sets: { helper: 'NFCTH_', tuple: 'NFCTH_TUPLE_', policies: 'NFCTH_POLICY_', class: 'NFCTH_POLICY_' },
  operations: { prefix: 'NFNL_MSG_CTHELPER_', base: 'NFNL_SUBSYS_CTHELPER << 8', replies: [['GET', 'NEW']] },
};
