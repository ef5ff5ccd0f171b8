import type { HeaderNames } from '../header-names.js';

export const xfrmNames: HeaderNames = {
  headers: ['linux/xfrm.h', 'linux/ipsec.h', 'linux/in.h', 'linux/in6.h', 'linux/udp.h'],
  enums: {
    proto: 'IPPROTO_',
    'state-flags': 'XFRM_STATE_',
    'extra-flags': 'XFRM_SA_XFLAG_',
    mode: 'XFRM_MODE_',
    share: 'XFRM_SHARE_',
    'policy-dir': 'XFRM_POLICY_',
    'policy-action': 'XFRM_POLICY_',
    'policy-flags': 'XFRM_POLICY_',
    'policy-type': 'XFRM_POLICY_TYPE_',
    'policy-default': 'XFRM_USERPOLICY_',
    'sa-dir': 'XFRM_SA_DIR_',
    ae: 'XFRM_AE_',
    'offload-flags': 'XFRM_OFFLOAD_',
    'encap-type': 'UDP_ENCAP_',
  },
  sets: {
    xfrm: 'XFRMA_',
    sad: 'XFRMA_SAD_',
    spd: 'XFRMA_SPD_',
  },
  structs: {
    'info-flags': 'struct { __u32 flags; }',
  },
  operations: {
    prefix: 'XFRM_MSG_',
    replies: [
      ['GETSADINFO', 'NEWSADINFO'],
      ['GETSPDINFO', 'NEWSPDINFO'],
      ['GETDEFAULT', 'GETDEFAULT'],
      ['GET', 'NEW'],
      ['ALLOCSPI', 'NEWSA'],
    ],
  },
  groups: 'XFRMNLGRP_',
  names: {
    'proto/any': 'IPSEC_PROTO_ANY',
    'encap-type/espintcp': 'TCP_ENCAP_ESPINTCP',
    'operation/setdefault-ntf': 'XFRM_MSG_GETDEFAULT',
    'xfrm-aevent-id/daddr': 'sa_id.daddr',
    'xfrm-aevent-id/spi': 'sa_id.spi',
    'xfrm-aevent-id/family': 'sa_id.family',
    'xfrm-aevent-id/proto': 'sa_id.proto',
    'xfrm-user-mapping/daddr': 'id.daddr',
    'xfrm-user-mapping/spi': 'id.spi',
    'xfrm-user-mapping/family': 'id.family',
    'xfrm-user-mapping/proto': 'id.proto',
  },
};
