import { watchableFamily, type WatchableFamilyFactory } from '../live/index.js';
import { netdevSchema, type NetdevFamily } from './generated/netdev.js';

export * from './generated/netdev.js';

const NO_EVENT = 'the kernel sends no event for changes';

/** Network devices: XDP, queues, page pools. @public */
export const netdev: WatchableFamilyFactory<NetdevFamily, 'dev-get' | 'page-pool-get'> = watchableFamily(netdevSchema, {
  'dev-get': {
    groups: ['mgmt'],
    set: ['dev-add-ntf', 'dev-change-ntf'],
    delete: ['dev-del-ntf'],
    key: ({ ifindex }) => ifindex,
  },
  'page-pool-get': {
    groups: ['page-pool'],
    set: ['page-pool-add-ntf', 'page-pool-change-ntf'],
    delete: ['page-pool-del-ntf'],
    key: ({ id }) => id,
    volatile: ['inflight', 'inflightMem'],
  },
  'page-pool-stats-get': 'counters change all the time; dump them at an interval and use rates()',
  'qstats-get': 'counters change all the time; dump them at an interval and use rates()',
  'queue-get': NO_EVENT,
  'napi-get': NO_EVENT,
});
