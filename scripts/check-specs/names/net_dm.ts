import type { HeaderNames } from '../header-names.js';

export const netDmNames: HeaderNames = {
  headers: ['linux/net_dropmon.h'],
  structs: {
    'drop-point': 'struct net_dm_drop_point',
    'alert-msg': 'struct net_dm_alert_msg',
  },
  enums: {
    'alert-mode': 'NET_DM_ALERT_MODE_',
    origin: 'NET_DM_ORIGIN_',
  },
  sets: {
    dm: 'NET_DM_ATTR_',
    summary: 'NET_DM_ATTR_',
    'hw-entries': 'NET_DM_ATTR_',
    port: 'NET_DM_ATTR_PORT_',
    stats: 'NET_DM_ATTR_STATS_',
  },
  operations: {
    prefix: 'NET_DM_CMD_',
    replies: [['GET', 'NEW']],
  },
};
