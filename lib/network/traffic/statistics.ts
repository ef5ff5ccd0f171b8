import type { Attrs } from '../../families/tc.js';
import { withJson } from '../common/json.js';

/** The counters of a qdisc or a class (`TCA_STATS2`). `JSON.stringify` writes those over 2^53 - 1 as text. @public */
export interface TrafficStatistics {
  /** The sent bytes. */
  readonly bytes: bigint;
  /** The sent packets. */
  readonly packets: bigint;
  /** The dropped packets. */
  readonly drops: number;
  /** The number of times that a packet had to wait for the rate. */
  readonly overlimits: number;
  /** The number of times that the device returned a packet. */
  readonly requeues: number;
  /** The bytes that wait now. */
  readonly backlog: number;
  /** The packets that wait now. */
  readonly queueLength: number;
}

/** Translates the counters of a row; those that it lacks are 0. @internal */
export function trafficStatistics({ stats, stats2 }: Pick<Attrs, 'stats' | 'stats2'>): TrafficStatistics {
  const { basic, queue, pkt64 } = stats2 ?? {};
  return withJson({
    bytes: basic?.bytes ?? stats?.bytes ?? 0n,
    // The kernel sends 64 bits only if 32 are not enough.
    packets: pkt64 ?? BigInt(basic?.packets ?? stats?.packets ?? 0),
    drops: queue?.drops ?? stats?.drops ?? 0,
    overlimits: queue?.overlimits ?? stats?.overlimits ?? 0,
    requeues: queue?.requeues ?? 0,
    backlog: queue?.backlog ?? stats?.backlog ?? 0,
    queueLength: queue?.qlen ?? stats?.qlen ?? 0,
  });
}
