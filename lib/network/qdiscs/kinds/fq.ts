import type { Read, Written } from '../../common/written.js';
import { FieldError } from '../../common/field-error.js';
import { number, plain, toggle } from '../../fields/option.js';
import { integer, list, type Check } from '../../fields/check.js';
import type { TrafficKind } from '../../traffic/kind.js';
import { jiffies, microseconds, nanoseconds, rate } from '../../traffic/traffic-options.js';
import { priorityMap } from './prio.js';

/** The options of a qdisc of kind `fq`: a queue for each socket, with its pacing (`TCA_FQ_*`). @public */
export interface FqOptions<U extends Written = Read> {
  /** The packets that may wait. */
  readonly limit?: number;
  /** The packets of a flow that may wait. */
  readonly flowLimit?: number;
  /** The bytes that a flow sends before the next one. */
  readonly quantum?: number;
  /** The bytes that a new flow sends at first. */
  readonly initialQuantum?: number;
  /** The pacing rates of sockets are obeyed. */
  readonly pacing?: boolean;
  /** The largest rate of a flow; absent: no limit. */
  readonly maxRate?: U['rate'] | U['none'];
  /** Flows with a lower rate are not paced. */
  readonly lowRateThreshold?: U['rate'];
  /** The number of hash buckets, a power of two. */
  readonly buckets?: number;
  /** Packets without a socket are hashed into this number of flows less one. */
  readonly orphanMask?: number;
  /** The time after which an idle flow counts as new. The kernel rounds it up to its clock. */
  readonly refillDelay?: U['time'];
  /** The waiting time from which on packets are marked; absent: never. */
  readonly ceThreshold?: U['time'] | U['none'];
  /** The imprecision of the timer, in nanoseconds. */
  readonly timerSlack?: U['time'];
  /** The farthest time in the future for which a packet may ask. */
  readonly horizon?: U['time'];
  /** Packets beyond the horizon are dropped; else they are sent at the horizon. */
  readonly horizonDrop?: boolean;
  /** The band, 0 to 2, of each priority from 0 to 15. */
  readonly priorityMap?: readonly number[];
  /** The bytes that each of the three bands sends before the next one. */
  readonly weights?: readonly number[];
}

/** No limit. */
const NONE = 0xffff_ffff;

const BANDS = 3;

const weights: Check<readonly number[]> = (value, path) => {
  const all = list(integer(16_384, 0x7fff_ffff))(value, path);
  if (all.length === BANDS) return all;
  throw new FieldError(path, `expected ${BANDS} numbers, not ${all.length}`);
};

/** Returns the logarithm of a power of two. */
const buckets: Check<number> = (value, path) => {
  const number = integer(1, 262_144)(value, path);
  if (Number.isInteger(Math.log2(number))) return number;
  throw new FieldError(path, `expected a power of two, not ${number}`);
};

const ceThreshold = microseconds('ceThreshold', { nullable: true });

/** The kind `fq`. @internal */
export const fq: TrafficKind<FqOptions> = {
  options: {
    limit: number('plimit'),
    flowLimit: number('flowPlimit'),
    quantum: number('quantum', 1 << 20, {}, 1),
    initialQuantum: number('initialQuantum', 0x7fff_ffff),
    pacing: toggle('rateEnable'),
    maxRate: rate('flowMaxRate', { nullable: true, none: NONE }),
    lowRateThreshold: rate('lowRateThreshold', { none: -1 }),
    buckets: { ...plain('bucketsLog', buckets), read: (value) => 2 ** (value as number), write: (value) => Math.log2(value as number) },
    orphanMask: number('orphanMask'),
    refillDelay: jiffies(microseconds('flowRefillDelay')),
    ceThreshold: {
      ...ceThreshold,
      read: (value, names) => (value === NONE ? undefined : ceThreshold.read(value, names)),
      write: (value, names) => (value === null ? NONE : ceThreshold.write(value, names)),
    },
    timerSlack: nanoseconds('timerSlack'),
    horizon: microseconds('horizon'),
    horizonDrop: toggle('horizonDrop'),
    priorityMap: plain('priomap.priomap', priorityMap(BANDS)),
    weights: plain('weights', weights),
  },
  toData: ({ 'priomap.priomap': priomap, ...data }) => ({ ...data, ...(priomap !== undefined && { priomap: { bands: BANDS, priomap } }) }),
};
