import type { Read, Written } from '../common/written.js';

/** The settings of connections over a route (`RTA_METRICS`). @public */
export interface RouteMetrics<U extends Written = Read> {
  /** The largest packet, in bytes (`RTAX_MTU`). */
  readonly mtu?: number | U['none'];
  /** Path MTU discovery does not change `mtu` (`RTAX_LOCK`). */
  readonly mtuLocked?: boolean;
  /** The advertised maximum segment size of TCP, in bytes (`RTAX_ADVMSS`). */
  readonly advmss?: number | U['none'];
  /** The maximum window that is advertised, in bytes (`RTAX_WINDOW`). */
  readonly window?: number | U['none'];
  /** The initial congestion window of TCP, in segments (`RTAX_INITCWND`). */
  readonly initcwnd?: number | U['none'];
  /** The initial receive window of TCP, in segments (`RTAX_INITRWND`). */
  readonly initrwnd?: number | U['none'];
  /** The minimum retransmission timeout of TCP, in milliseconds (`RTAX_RTO_MIN`). */
  readonly rtoMin?: U['time'] | U['none'];
  /** The hop limit of packets (`RTAX_HOPLIMIT`). */
  readonly hoplimit?: number | U['none'];
  /** TCP acknowledges at once (`RTAX_QUICKACK`). */
  readonly quickack?: boolean | U['none'];
  /** The congestion control of TCP (`RTAX_CC_ALGO`). */
  readonly congestion?: string | U['none'];
}
