import type { HeaderNames } from '../header-names.js';

export const nfsdNames: HeaderNames = {
  headers: ['linux/nfsd_netlink.h'],
  sets: {
    'rpc-status': 'NFSD_A_RPC_STATUS_',
    server: 'NFSD_A_SERVER_',
    version: 'NFSD_A_VERSION_',
    'server-proto': 'NFSD_A_SERVER_PROTO_',
    sock: 'NFSD_A_SOCK_',
    'server-sock': 'NFSD_A_SERVER_SOCK_',
    'pool-mode': 'NFSD_A_POOL_MODE_',
  },
  operations: {
    prefix: 'NFSD_CMD_',
  },
};
