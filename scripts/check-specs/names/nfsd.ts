import type { HeaderNames } from '../header-names.js';

export const nfsdNames: HeaderNames = {
  headers: ['linux/nfsd_netlink.h'],
  enums: {
    'cache-type': 'NFSD_CACHE_TYPE_',
    'export-flags': 'NFSD_EXPORT_FLAGS_',
    'xprtsec-mode': 'NFSD_XPRTSEC_MODE_',
  },
  sets: {
    'rpc-status': 'NFSD_A_RPC_STATUS_',
    server: 'NFSD_A_SERVER_',
    version: 'NFSD_A_VERSION_',
    'server-proto': 'NFSD_A_SERVER_PROTO_',
    sock: 'NFSD_A_SOCK_',
    'server-sock': 'NFSD_A_SERVER_SOCK_',
    'pool-mode': 'NFSD_A_POOL_MODE_',
    'cache-notify': 'NFSD_A_CACHE_NOTIFY_',
    fslocation: 'NFSD_A_FSLOCATION_',
    fslocations: 'NFSD_A_FSLOCATIONS_',
    'auth-flavor': 'NFSD_A_AUTH_FLAVOR_',
    'svc-export': 'NFSD_A_SVC_EXPORT_',
    'svc-export-reqs': 'NFSD_A_SVC_EXPORT_REQS_',
    expkey: 'NFSD_A_EXPKEY_',
    'expkey-reqs': 'NFSD_A_EXPKEY_REQS_',
    'cache-flush': 'NFSD_A_CACHE_FLUSH_',
    'unlock-ip': 'NFSD_A_UNLOCK_IP_',
    'unlock-filesystem': 'NFSD_A_UNLOCK_FILESYSTEM_',
    'unlock-export': 'NFSD_A_UNLOCK_EXPORT_',
    'server-proc-entry': 'NFSD_A_SERVER_PROC_ENTRY_',
    'server-stats': 'NFSD_A_SERVER_STATS_',
  },
  operations: {
    prefix: 'NFSD_CMD_',
  },
};
