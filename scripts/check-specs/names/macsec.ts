import type { HeaderNames } from '../header-names.js';

export const macsecNames: HeaderNames = {
  headers: ['linux/if_macsec.h', 'linux/if_link.h'],
  enums: {
    validation: 'MACSEC_VALIDATE_',
    'offload-type': 'MACSEC_OFFLOAD_',
  },
  sets: {
    message: 'MACSEC_ATTR_',
    secy: 'MACSEC_SECY_ATTR_',
    rxsc: 'MACSEC_RXSC_ATTR_',
    sa: 'MACSEC_SA_ATTR_',
    offload: 'MACSEC_OFFLOAD_ATTR_',
    'rxsc-stats': 'MACSEC_RXSC_STATS_ATTR_',
    'sa-stats': 'MACSEC_SA_STATS_ATTR_',
    'txsc-stats': 'MACSEC_TXSC_STATS_ATTR_',
    'secy-stats': 'MACSEC_SECY_STATS_ATTR_',
  },
  operations: {
    prefix: 'MACSEC_CMD_',
  },
};
