import type { HeaderNames } from '../header-names.js';

export const tcpMetricsNames: HeaderNames = {
  headers: ['linux/tcp_metrics.h'],
  sets: {
    'tcp-metrics': 'TCP_METRICS_ATTR_',
    metrics: 'TCP_METRICS_A_METRICS_',
  },
  operations: {
    prefix: 'TCP_METRICS_CMD_',
  },
};
