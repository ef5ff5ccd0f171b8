import type { HeaderNames } from '../header-names.js';

export const handshakeNames: HeaderNames = {
  headers: ['linux/handshake.h'],
  enums: {
    'handler-class': 'HANDSHAKE_HANDLER_CLASS_',
    'msg-type': 'HANDSHAKE_MSG_TYPE_',
    auth: 'HANDSHAKE_AUTH_',
  },
  sets: {
    x509: 'HANDSHAKE_A_X509_',
    accept: 'HANDSHAKE_A_ACCEPT_',
    done: 'HANDSHAKE_A_DONE_',
  },
  operations: {
    prefix: 'HANDSHAKE_CMD_',
  },
};
