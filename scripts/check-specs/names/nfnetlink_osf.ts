import type { HeaderNames } from '../header-names.js';

export const nfnetlinkOsfNames: HeaderNames = {
  headers: ['linux/netfilter/nfnetlink.h', 'linux/netfilter/nfnetlink_osf.h'],
  enums: { 'wss-type': 'OSF_WSS_' },
  sets: { osf: 'OSF_ATTR_' },
  operations: { prefix: 'OSF_MSG_', base: 'NFNL_SUBSYS_OSF << 8' },
};
