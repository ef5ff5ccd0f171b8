import type { HeaderNames } from '../header-names.js';

export const rtNeighNames: HeaderNames = {
  headers: ['linux/neighbour.h', 'linux/rtnetlink.h'],
  enums: {
    'rt-protocol': 'RTPROT_',
    'nud-state': 'NUD_',
    'ntf-flags': 'NTF_',
    'ntf-ext-flags': 'NTF_EXT_',
    'rtm-type': 'RTN_',
  },
  sets: {
    'fdb-ext-attrs': 'NFEA_',
    'neighbour-attrs': 'NDA_',
    'ndt-attrs': 'NDTA_',
    'ndtpa-attrs': 'NDTPA_',
  },
  operations: {
    prefix: 'RTM_',
    replies: [['GET', 'NEW']],
  },
  groups: 'RTNLGRP_',
  names: {
    'ntf-ext-flags/ext-validated': 'NTF_EXT_EXT_VALIDATED',
  },
  members: {
    ndtmsg: 'ndtm_',
    'nda-cacheinfo': 'ndm_',
    'ndt-config': 'ndtc_',
    'ndt-stats': 'ndts_',
  },
};
