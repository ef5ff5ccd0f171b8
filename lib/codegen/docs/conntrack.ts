import type { DocumentedOwner } from '../write/property-docs.js';

/** @internal */
export const conntrackDocs: readonly DocumentedOwner[] = [
  {
    of: 'conntrack-attrs',
    header: 'linux/netfilter/nfnetlink_conntrack.h',
    docs: {
      timeout: 'Seconds until the connection is forgotten.',
      'timestamp-event': 'Time of the event in nanoseconds since 1970.',
      use: 'Number of references.',
    },
  },
];
