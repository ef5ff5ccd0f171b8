import type { HeaderNames } from '../header-names.js';

export const smcNames: HeaderNames = {
  headers: ['linux/smc.h'],
  sets: {
    smc: 'SMC_GEN_',
    sys: 'SMC_NLA_SYS_',
    'lgr-v2': 'SMC_NLA_LGR_V2_',
    'lgr-r-v2': 'SMC_NLA_LGR_R_V2_',
    'lgr-r': 'SMC_NLA_LGR_R_',
    link: 'SMC_NLA_LINK_',
    'lgr-d': 'SMC_NLA_LGR_D_',
    'dev-port': 'SMC_NLA_DEV_PORT_',
    dev: 'SMC_NLA_DEV_',
    pload: 'SMC_NLA_STATS_PLOAD_',
    rmb: 'SMC_NLA_STATS_RMB_',
    tech: 'SMC_NLA_STATS_T_',
    stats: 'SMC_NLA_STATS_',
    'fback-stats': 'SMC_NLA_FBACK_STATS_',
    'eid-table': 'SMC_NLA_EID_TABLE_',
    seid: 'SMC_NLA_SEID_',
    'hs-limitation': 'SMC_NLA_HS_LIMITATION_',
  },
  operations: { prefix: 'SMC_NETLINK_' },
};
