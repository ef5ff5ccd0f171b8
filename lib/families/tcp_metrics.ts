import { familyFactory, type FamilyFactory } from '../client/index.js';
import { tcpMetricsSchema, type TcpMetricsFamily } from './generated/tcp_metrics.js';

export * from './generated/tcp_metrics.js';

/** What TCP remembers of destinations. @public */
export const tcpMetrics: FamilyFactory<TcpMetricsFamily> = familyFactory(tcpMetricsSchema);
