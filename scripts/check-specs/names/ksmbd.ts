import type { HeaderNames } from '../header-names.js';

export const ksmbdNames: HeaderNames = {
  headers: ['server/ksmbd_netlink.h'],
  // The token begins in the padding of the struct.
  structs: { 'ksmbd-spnego-authen-request': 'struct __attribute__((packed)) { __u32 handle; __u16 spnego_blob_len; __u8 spnego_blob[]; }' },
  enums: {
    'global-flag': 'KSMBD_GLOBAL_FLAG_',
    'user-flag': 'KSMBD_USER_FLAG_',
    'share-flag': 'KSMBD_SHARE_FLAG_',
    'tree-conn-status': 'KSMBD_TREE_CONN_STATUS_',
    'tree-conn-flag': 'KSMBD_TREE_CONN_FLAG_',
  },
  sets: { ksmbd: 'KSMBD_EVENT_' },
  operations: { prefix: 'KSMBD_EVENT_' },
  names: {
    'ksmbd-startup-request/interfaces': '____payload',
    'ksmbd-login-response-ext/groups': '____payload',
    'ksmbd-share-config-response/payload': '____payload',
  },
};
