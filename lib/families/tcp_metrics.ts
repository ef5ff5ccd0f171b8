import { watchableFamily, type WatchableFamilyFactory } from '../live/index.js';
import { tcpMetricsSchema, type TcpMetricsFamily } from './generated/tcp_metrics.js';

export * from './generated/tcp_metrics.js';

/** What TCP remembers of destinations. @public */
export const tcpMetrics: WatchableFamilyFactory<TcpMetricsFamily, never> = watchableFamily(tcpMetricsSchema, {
  get: 'the kernel sends no event for what TCP remembers',
});
