import type { Read, Written } from '../../common/written.js';
import { number, duration, toggle } from '../../fields/option.js';
import type { TrafficKind } from '../../traffic/kind.js';
import { absentAtZero } from '../../traffic/traffic-options.js';

/** The options of a qdisc of kind `sfq`: flows that take turns (struct tc_sfq_qopt_v1). The kernel cannot change them. @public */
export interface SfqOptions<U extends Written = Read> {
  /** The packets that may wait. */
  readonly limit?: number;
  /** The packets of a flow that may wait. */
  readonly depth?: number;
  /** The largest number of flows. */
  readonly flows?: number;
  /** The number of hash buckets, a power of two. */
  readonly divisor?: number;
  /** The bytes that a flow sends before the next one. */
  readonly quantum?: number;
  /** The time after which flows are hashed anew, whole seconds; absent: never. */
  readonly perturb?: U['time'] | U['none'];
  /** The oldest packet of a flow is dropped, not the newest. */
  readonly headDrop?: boolean;
}

/** The kind `sfq`. @internal */
export const sfq: TrafficKind<SfqOptions> = {
  options: {
    limit: number('v0.limit', 65_535, {}, 1),
    depth: number('depth', 127, {}, 1),
    flows: number('v0.flows', 65_408, {}, 1),
    divisor: number('v0.divisor', 65_536, {}, 1),
    quantum: number('v0.quantum', 0x7fff_ffff, {}, 1),
    perturb: absentAtZero(duration('v0.perturbPeriod', 1000)),
    headDrop: toggle('headdrop'),
  },
  fixed: true,
};
