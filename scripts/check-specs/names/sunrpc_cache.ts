import type { HeaderNames } from '../header-names.js';

export const sunrpcCacheNames: HeaderNames = {
  headers: ['linux/sunrpc_netlink.h'],
  enums: {
    'cache-type': 'SUNRPC_CACHE_TYPE_',
  },
  sets: {
    'cache-notify': 'SUNRPC_A_CACHE_NOTIFY_',
    'ip-map': 'SUNRPC_A_IP_MAP_',
    'ip-map-reqs': 'SUNRPC_A_IP_MAP_REQS_',
    'unix-gid': 'SUNRPC_A_UNIX_GID_',
    'unix-gid-reqs': 'SUNRPC_A_UNIX_GID_REQS_',
    'cache-flush': 'SUNRPC_A_CACHE_FLUSH_',
  },
  operations: {
    prefix: 'SUNRPC_CMD_',
  },
};
