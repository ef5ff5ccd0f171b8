import type { DocumentedOwner } from '../write/property-docs.js';

/** @internal */
export const ethtoolDocs: readonly DocumentedOwner[] = [
  {
    of: 'mm',
    header: 'linux/ethtool_netlink.h',
    docs: {
      'verify-time': 'In milliseconds.',
      'max-verify-time': 'In milliseconds.',
    },
  },
  {
    of: 'linkmodes',
    header: 'linux/ethtool.h',
    docs: {
      speed: 'In Mbit/s; 0xffffffff is unknown.',
      duplex: '0 half, 1 full, 255 unknown.',
    },
  },
  {
    of: 'coalesce',
    header: 'linux/ethtool.h',
    docs: {
      'pkt-rate-low': 'In packets per second.',
      'pkt-rate-high': 'In packets per second.',
      'rate-sample-interval': 'In seconds.',
      'tx-aggr-time-usecs': 'In microseconds.',
    },
  },
  {
    of: 'mse-capabilities',
    header: 'linux/ethtool_netlink_generated.h',
    docs: {
      'refresh-rate-ps': 'In picoseconds.',
    },
  },
  {
    of: 'eee',
    header: 'linux/ethtool.h',
    docs: {
      'tx-lpi-timer': 'In microseconds.',
    },
  },
  {
    of: 'plca',
    header: 'linux/ethtool_netlink.h',
    docs: {
      'burst-tmr': 'In bit times of 100 ns.',
      'burst-cnt': 'Packets beyond the first in one opportunity to send.',
      'to-tmr': 'In bit times of 100 ns.',
    },
  },
];
