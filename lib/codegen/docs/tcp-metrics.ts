import type { DocumentedOwner } from '../write/property-docs.js';

/** @internal */
export const tcpMetricsDocs: readonly DocumentedOwner[] = [
  {
    of: 'tcp-metrics',
    header: 'linux/tcp_metrics.h',
    docs: {
      age: 'Milliseconds since the last update.',
      'fopen-syn-drop-ts': 'Milliseconds since the last SYN with data was lost.',
    },
  },
];
