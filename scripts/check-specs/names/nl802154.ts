import type { HeaderNames } from '../header-names.js';

export const nl802154Names: HeaderNames = {
  headers: ['net/nl802154.h'],
  enums: {
    iftype: 'NL802154_IFTYPE_',
    'cca-mode': 'NL802154_CCA_',
    'cca-opt': 'NL802154_CCA_OPT_',
    'lbt-states': 'NL802154_SUPPORTED_BOOL_',
    'scan-type': 'NL802154_SCAN_',
    'scan-done-reason': 'NL802154_SCAN_DONE_REASON_',
    'dev-addr-mode': 'NL802154_DEV_ADDR_',
    'peer-type': 'NL802154_PEER_TYPE_',
  },
  sets: {
    nl802154: 'NL802154_ATTR_',
    channels: 'NL802154_ATTR_',
    caps: 'NL802154_CAP_ATTR_',
    coord: 'NL802154_COORD_',
    'dev-addr': 'NL802154_DEV_ADDR_ATTR_',
    peer: 'NL802154_DEV_ADDR_ATTR_',
  },
  excerpts: ['channels'],
  operations: {
    prefix: 'NL802154_CMD_',
    replies: [['GET', 'NEW']],
  },
  names: { 'operation/scan-started': 'NL802154_CMD_TRIGGER_SCAN' },
};
