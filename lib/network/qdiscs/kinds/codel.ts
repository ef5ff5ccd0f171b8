import type { Read, Written } from '../../common/written.js';
import { number, toggle, type Options } from '../../fields/option.js';
import type { TrafficKind } from '../../traffic/kind.js';
import { coarse, sizeOf } from '../../traffic/traffic-options.js';

/**
 * The options of a qdisc of kind `codel`: one queue that drops packets which wait too long (`TCA_CODEL_*`).
 *
 * The kernel keeps times in units of 1,024 ns.
 *
 * @public
 */
export interface CodelOptions<U extends Written = Read> {
  /** The packets that may wait. */
  readonly limit?: number;
  /** The acceptable waiting time. */
  readonly target?: U['time'];
  /** The time over which the waiting time is measured. */
  readonly interval?: U['time'];
  /** Packets are marked instead of dropped. */
  readonly ecn?: boolean;
  /** The waiting time from which on all packets are marked. */
  readonly ceThreshold?: U['time'];
}

/** The options of a qdisc of kind `fq_codel`: a queue with `codel` for each flow (`TCA_FQ_CODEL_*`). @public */
export interface FqCodelOptions<U extends Written = Read> extends CodelOptions<U> {
  /** The number of queues. The kernel cannot change it. */
  readonly flows?: number;
  /** The bytes that a flow sends before the next one. */
  readonly quantum?: number;
  /** The largest number of packets that are dropped at once. */
  readonly dropBatch?: number;
  /** The memory of all packets. */
  readonly memoryLimit?: U['size'];
  /** Only packets whose DS field has this value under `ceThresholdMask` are marked by `ceThreshold`. */
  readonly ceThresholdSelector?: number;
  /** The bits of the DS field that count. */
  readonly ceThresholdMask?: number;
}

/** Nanoseconds of a unit of codel (`CODEL_SHIFT`). */
const UNIT = 1024;

const options: Options<CodelOptions> = {
  limit: number('limit'),
  target: coarse('target', UNIT),
  interval: coarse('interval', UNIT),
  ecn: toggle('ecn'),
  ceThreshold: coarse('ceThreshold', UNIT),
};

/** The kind `codel`. @internal */
export const codel: TrafficKind<CodelOptions> = { options };

/** The kind `fq_codel`. @internal */
export const fqCodel: TrafficKind<FqCodelOptions> = {
  options: {
    ...options,
    flows: number('flows', 65_536, { fixed: true }, 1),
    quantum: number('quantum', 0x7fff_ffff, {}, 256),
    dropBatch: number('dropBatchSize', 0xffff_ffff, {}, 1),
    memoryLimit: sizeOf('memoryLimit', {}, 0x8000_0000),
    ceThresholdSelector: number('ceThresholdSelector', 0xff),
    ceThresholdMask: number('ceThresholdMask', 0xff),
  },
};
