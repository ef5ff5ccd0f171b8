import type { HeaderNames } from '../header-names.js';

export const ovpnNames: HeaderNames = {
  headers: ['linux/ovpn.h'],
  enums: {
    'cipher-alg': 'OVPN_CIPHER_ALG_',
    'del-peer-reason': 'OVPN_DEL_PEER_REASON_',
    'key-slot': 'OVPN_KEY_SLOT_',
  },
  sets: {
    ovpn: 'OVPN_A_',
    peer: 'OVPN_A_PEER_',
    keyconf: 'OVPN_A_KEYCONF_',
    keydir: 'OVPN_A_KEYDIR_',
  },
  operations: {
    prefix: 'OVPN_CMD_',
  },
};
