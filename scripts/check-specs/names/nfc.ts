import type { HeaderNames } from '../header-names.js';

export const nfcNames: HeaderNames = {
  headers: ['linux/nfc.h'],
  enums: { 'comm-mode': 'NFC_COMM_', 'rf-mode': 'NFC_RF_', 'se-type': 'NFC_SE_' },
  sets: { nfc: 'NFC_ATTR_', sdp: 'NFC_SDP_ATTR_' },
  operations: { prefix: 'NFC_CMD_' },
  names: {
    'protocols/jewel': 'NFC_PROTO_JEWEL_MASK',
    'protocols/mifare': 'NFC_PROTO_MIFARE_MASK',
    'protocols/felica': 'NFC_PROTO_FELICA_MASK',
    'protocols/iso14443': 'NFC_PROTO_ISO14443_MASK',
    'protocols/nfc-dep': 'NFC_PROTO_NFC_DEP_MASK',
    'protocols/iso14443-b': 'NFC_PROTO_ISO14443_B_MASK',
    'protocols/iso15693': 'NFC_PROTO_ISO15693_MASK',
    'operation/targets-found': 'NFC_EVENT_TARGETS_FOUND',
    'operation/device-added': 'NFC_EVENT_DEVICE_ADDED',
    'operation/device-removed': 'NFC_EVENT_DEVICE_REMOVED',
    'operation/target-lost': 'NFC_EVENT_TARGET_LOST',
    'operation/tm-activated': 'NFC_EVENT_TM_ACTIVATED',
    'operation/tm-deactivated': 'NFC_EVENT_TM_DEACTIVATED',
    'operation/llc-sdres': 'NFC_EVENT_LLC_SDRES',
    'operation/se-added': 'NFC_EVENT_SE_ADDED',
    'operation/se-removed': 'NFC_EVENT_SE_REMOVED',
    'operation/se-connectivity': 'NFC_EVENT_SE_CONNECTIVITY',
    'operation/se-transaction': 'NFC_EVENT_SE_TRANSACTION',
  },
};
