import type { HeaderNames } from '../header-names.js';

export const ipvsNames: HeaderNames = {
  headers: ['linux/ip_vs.h', 'linux/in.h'],
  enums: {
    'service-protocol': 'IPPROTO_',
    'service-flags': 'IP_VS_SVC_F_',
    'fwd-method': 'IP_VS_CONN_F_',
    'tunnel-type': 'IP_VS_CONN_F_TUNNEL_TYPE_',
    'tunnel-flags': 'IP_VS_TUNNEL_ENCAP_FLAG_',
    'sync-state': 'IP_VS_STATE_',
  },
  sets: {
    command: 'IPVS_CMD_ATTR_',
    service: 'IPVS_SVC_ATTR_',
    dest: 'IPVS_DEST_ATTR_',
    daemon: 'IPVS_DAEMON_ATTR_',
    stats: 'IPVS_STATS_ATTR_',
    stats64: 'IPVS_STATS_ATTR_',
    info: 'IPVS_INFO_ATTR_',
  },
  operations: {
    prefix: 'IPVS_CMD_',
    replies: [
      ['GET_CONFIG', 'SET_CONFIG'],
      ['GET_INFO', 'SET_INFO'],
      ['GET', 'NEW'],
    ],
  },
};
