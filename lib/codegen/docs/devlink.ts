import type { DocumentedOwner } from '../write/property-docs.js';

/** @internal */
export const devlinkDocs: readonly DocumentedOwner[] = [
  {
    of: 'devlink',
    header: 'linux/devlink.h',
    docs: {
      'resource-size-valid': '1: the size in use is the size that was asked for.',
      'health-reporter-dump-ts':
        'Time of the dump in milliseconds of the jiffies of the kernel; `healthReporterDumpTsNs` has nanoseconds since 1970.',
      'health-reporter-graceful-period': 'In milliseconds.',
      'trap-policer-rate': 'In packets per second.',
      'trap-policer-burst': 'In packets.',
      'flash-update-status-timeout': 'In seconds.',
      'rate-tx-share': 'In bytes per second.',
      'rate-tx-max': 'In bytes per second; 0 means no limit.',
    },
  },
];
