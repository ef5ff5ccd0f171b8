import type { Read, Written } from '../../common/written.js';
import type { Percent } from '../../units/percent.js';
import { percent, type Check } from '../../fields/check.js';
import { FieldError } from '../../common/field-error.js';
import { number, plain, toggle, type Options } from '../../fields/option.js';
import type { TrafficKind } from '../../traffic/kind.js';
import { jiffies, microseconds, sizeOf, ticked } from '../../traffic/traffic-options.js';
import { parsePercent } from '../../units/index.js';

/** The options of a qdisc of kind `pie`: one queue that drops packets by a probability which follows the waiting time (`TCA_PIE_*`). @public */
export interface PieOptions<U extends Written = Read> {
  /** The packets that may wait. */
  readonly limit?: number;
  /** The acceptable waiting time. */
  readonly target?: U['time'];
  /** The time between two computations of the probability. The kernel rounds it up to its clock. */
  readonly updateInterval?: U['time'];
  /** The weight of the deviation from `target`, from 0 to 32. */
  readonly alpha?: number;
  /** The weight of the change of the waiting time, from 0 to 32. */
  readonly beta?: number;
  /** Packets are marked instead of dropped, up to a probability of 10 %. */
  readonly ecn?: boolean;
  /** Longer packets are dropped with a higher probability. */
  readonly byteMode?: boolean;
  /** The waiting time is estimated from the rate of departures, not from timestamps. */
  readonly rateEstimator?: boolean;
}

/** The options of a qdisc of kind `fq_pie`: a queue with `pie` for each flow (`TCA_FQ_PIE_*`). @public */
export interface FqPieOptions<U extends Written = Read> extends PieOptions<U> {
  /** The number of queues. The kernel cannot change it. */
  readonly flows?: number;
  /** The bytes that a flow sends before the next one. */
  readonly quantum?: number;
  /** The memory of all packets. */
  readonly memoryLimit?: U['size'];
  /** The probability up to which packets are marked instead of dropped, in whole percent. */
  readonly ecnProbability?: Percent;
}

/** The largest weight. */
const WEIGHT = 32;

const options: Options<PieOptions> = {
  limit: number('limit', 0xffff_ffff, {}, 1),
  target: ticked(microseconds('target')),
  updateInterval: jiffies(microseconds('tupdate')),
  alpha: number('alpha', WEIGHT),
  beta: number('beta', WEIGHT),
  ecn: toggle('ecn'),
  byteMode: toggle('bytemode'),
  rateEstimator: toggle('dqRateEstimator'),
};

/** Accepts a share of whole percent. */
const wholePercent: Check<string> = (value, path) => {
  const hundredths = parsePercent(percent(value, path)) * 100;
  if (Number.isInteger(hundredths)) return `${hundredths}%`;
  throw new FieldError(path, 'expected whole percent');
};

/** The kind `pie`. @internal */
export const pie: TrafficKind<PieOptions> = { options };

/** The kind `fq_pie`. @internal */
export const fqPie: TrafficKind<FqPieOptions> = {
  options: {
    ...options,
    flows: number('flows', 65_536, { fixed: true }, 1),
    quantum: number('quantum', 1 << 20, {}, 1),
    memoryLimit: sizeOf('memoryLimit'),
    ecnProbability: {
      ...plain('ecnProb', wholePercent),
      read: (value) => `${value as number}%`,
      write: (value) => Math.round(parsePercent(value as string) * 100),
    },
  },
};
