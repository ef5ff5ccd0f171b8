import { watchableFamily, type WatchableFamilyFactory } from '../live/index.js';
import { tcpMetricsSchema, type TcpMetricsFamily } from './generated/tcp_metrics.js';

export * from './generated/tcp_metrics.js';

/** TCP metrics that the kernel caches by destination. @public */
export const tcpMetrics: WatchableFamilyFactory<TcpMetricsFamily, never> = watchableFamily(tcpMetricsSchema, {
  get: 'the kernel sends no event for TCP metrics',
});
