import type { HeaderNames } from '../header-names.js';

export const netdevNames: HeaderNames = {
  headers: ['linux/netdev.h'],
  enums: {
    'xdp-act': 'NETDEV_XDP_ACT_',
    'xdp-rx-metadata': 'NETDEV_XDP_RX_METADATA_',
    'xsk-flags': 'NETDEV_XSK_FLAGS_',
    'queue-type': 'NETDEV_QUEUE_TYPE_',
    'qstats-scope': 'NETDEV_QSTATS_SCOPE_',
    'napi-threaded': 'NETDEV_NAPI_THREADED_',
  },
  sets: {
    dev: 'NETDEV_A_DEV_',
    'io-uring-provider-info': 'NETDEV_A_IO_URING_PROVIDER_INFO_',
    'page-pool': 'NETDEV_A_PAGE_POOL_',
    'page-pool-stats': 'NETDEV_A_PAGE_POOL_STATS_',
    napi: 'NETDEV_A_NAPI_',
    'xsk-info': 'NETDEV_A_XSK_INFO_',
    queue: 'NETDEV_A_QUEUE_',
    qstats: 'NETDEV_A_QSTATS_',
    dmabuf: 'NETDEV_A_DMABUF_',
    lease: 'NETDEV_A_LEASE_',
  },
  operations: {
    prefix: 'NETDEV_CMD_',
  },
};
