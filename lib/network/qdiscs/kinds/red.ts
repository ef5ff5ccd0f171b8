import type { RedAttrs } from '../../../families/tc.js';
import type { Read, Written } from '../../common/written.js';
import type { Percent } from '../../units/percent.js';
import { FieldError } from '../../common/field-error.js';
import { boolean } from '../../fields/check.js';
import { number, plain } from '../../fields/option.js';
import type { TrafficKind } from '../../traffic/kind.js';
import { probability, sizeOf } from '../../traffic/traffic-options.js';
import { averageLog, idleDecay, probabilityLog } from './red-average.js';

/** The options of a qdisc of kind `red`: one queue that drops packets early, by the average of its length (`TCA_RED_*`). @public */
export interface RedOptions<U extends Written = Read> {
  /** The bytes that may wait. */
  readonly limit?: U['size'];
  /**
   * The average length from which on packets are marked or dropped.
   * @defaultValue for a new qdisc a third of `max`
   */
  readonly min?: U['size'];
  /**
   * The average length at which packets are dropped with `probability`, and beyond which all are.
   * @defaultValue for a new qdisc three times `min`, or a quarter of `limit`
   */
  readonly max?: U['size'];
  /**
   * The probability at the length `max`; with `adaptive`, the kernel changes it.
   * @defaultValue for a new qdisc `'2%'`
   */
  readonly probability?: Percent;
  /**
   * The average changes by the 2^n-th part of a difference (`Wlog`, `ewma` of `tc`).
   * @defaultValue for a new qdisc that of `tc` for packets of 1,000 bytes
   */
  readonly ewma?: number;
  /**
   * While the queue is idle, the average is reduced in steps of 2^n microseconds (`Scell_log`).
   * @defaultValue for a new qdisc that of `tc` for packets of 1,000 bytes at 10 mbit
   */
  readonly cellLog?: number;
  /** Packets are marked instead of dropped, if they can be marked (`TC_RED_ECN`). */
  readonly ecn?: boolean;
  /** Packets are dropped, not marked, at an average length over `max` (`TC_RED_HARDDROP`). */
  readonly hardDrop?: boolean;
  /** The kernel adapts the probability to the load (`TC_RED_ADAPTATIVE`). */
  readonly adaptive?: boolean;
  /** Packets that cannot be marked are not dropped early either; needs `ecn` (`TC_RED_NODROP`). */
  readonly noDrop?: boolean;
}

/** `TC_RED_*` (uapi/linux/pkt_sched.h). */
const FLAGS = { ecn: 1, hardDrop: 2, adaptive: 4, noDrop: 8 } as const;

type Flag = keyof typeof FLAGS;

const NAMES = Object.keys(FLAGS) as Flag[];

/** All flags: the request describes each. */
const ALL = 15;

/** The probability of a new qdisc, as in `tc`. */
const USUAL = Math.trunc(0.02 * 2 ** 32);

/** Returns the lengths that `tc` chooses for those that are omitted. */
function lengthsOf({ limit = 0, qthMin = 0, qthMax = 0 }: Readonly<Record<string, number>>): {
  readonly min: number;
  readonly max: number;
} {
  const max = qthMax > 0 ? qthMax : qthMin > 0 ? qthMin * 3 : Math.floor(limit / 4);
  return { min: qthMin > 0 ? qthMin : Math.floor(max / 3), max };
}

/** The kind `red`. @internal */
export const red: TrafficKind<RedOptions> = {
  options: {
    limit: sizeOf('limit', {}, 0x7fff_ffff, 1),
    min: sizeOf('qthMin', {}, 0x7fff_ffff, 1),
    max: sizeOf('qthMax', {}, 0x7fff_ffff, 1),
    probability: probability('maxP'),
    ewma: number('wlog', 31, {}, 1),
    cellLog: number('scellLog', 31),
    ...(Object.fromEntries(NAMES.map((name) => [name, plain(name, boolean)])) as Record<Flag, ReturnType<typeof plain>>),
  },
  whole: true,
  needs: ['limit'],
  check: ({ limit, min, max, ecn, noDrop }) => {
    if (typeof min === 'number' && typeof max === 'number' && min >= max) throw new FieldError('min', `is not below max, ${max}`);
    if (typeof max === 'number' && typeof limit === 'number' && max > limit) throw new FieldError('max', `is over the limit, ${limit}`);
    if (noDrop === true && ecn === false) throw new FieldError('noDrop', 'needs ecn');
  },
  checkWhole: ({ ecn, noDrop }) => {
    if (noDrop === true && ecn !== true) throw new FieldError('noDrop', 'needs ecn');
  },
  fromData: (data) => {
    const { parms, maxP, flags } = data as RedAttrs;
    const bits = flags?.value ?? parms?.flags ?? 0;
    const found = Object.fromEntries(NAMES.map((name) => [name, (bits & FLAGS[name]) !== 0]));
    return { ...parms, ...(maxP !== undefined && { maxP }), ...found };
  },
  toData: (data) => {
    const { limit = 0, maxP = USUAL, wlog, scellLog } = data as Readonly<Record<string, number>>;
    const { min, max } = lengthsOf(data as Readonly<Record<string, number>>);
    const weight = wlog ?? averageLog(min, max);
    const decay = idleDecay(weight, scellLog);
    const value = NAMES.reduce((bits, name) => bits | (data[name] === true ? FLAGS[name] : 0), 0);
    return {
      parms: { limit, qthMin: min, qthMax: max, wlog: weight, plog: probabilityLog(min, max, maxP / 2 ** 32), scellLog: decay.cellLog },
      stab: decay.table,
      maxP,
      flags: { value, selector: ALL },
    };
  },
  equal: {
    // The kernel changes the probability of an adaptive queue.
    probability: (wanted, found, { adaptive }) => adaptive === true || wanted === found,
  },
};
