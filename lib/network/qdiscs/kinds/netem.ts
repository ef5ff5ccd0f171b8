import type { NetemAttrs } from '../../../families/tc.js';
import type { Read, Written } from '../../common/written.js';
import type { Percent } from '../../units/percent.js';
import { FieldError } from '../../common/field-error.js';
import { shown, type Check } from '../../fields/check.js';
import { number, plain, toggle } from '../../fields/option.js';
import type { KindData, TrafficKind } from '../../traffic/kind.js';
import { optionGroup } from '../../traffic/option-group.js';
import { bytesPerSecond } from '../../traffic/rate-spec.js';
import { distribution, type NetemDistribution } from './netem-distribution.js';
import { absentAtZero, complement, nanoseconds, rate, share } from '../../traffic/traffic-options.js';

/** The pauses between groups of packets of `netem` (struct tc_netem_slot). @public */
export interface NetemSlot<U extends Written = Read> {
  /** The shortest pause. */
  readonly minDelay?: U['time'];
  /** The longest pause. */
  readonly maxDelay?: U['time'];
  /** The packets of a group; 0: no limit. */
  readonly packets?: number;
  /** The bytes of a group; 0: no limit. */
  readonly bytes?: number;
}

/** The loss model of Gilbert and Elliott of `netem` (struct tc_netem_gemodel). @public */
export interface NetemGilbertElliott {
  /** The probability of the transition to the bad state. */
  readonly p: Percent;
  /** The probability of the transition to the good state. */
  readonly r: Percent;
  /**
   * The loss in the bad state (`1-h`).
   * @defaultValue `'100%'`
   */
  readonly badLoss?: Percent;
  /**
   * The loss in the good state (`1-k`).
   * @defaultValue `'0%'`
   */
  readonly goodLoss?: Percent;
}

/** The options of a qdisc of kind `netem`: delays, losses and other faults (struct tc_netem_qopt, `TCA_NETEM_*`). @public */
export interface NetemOptions<U extends Written = Read> {
  /** The packets that may wait. */
  readonly limit?: number;
  /** The delay of each packet. */
  readonly delay?: U['time'] | U['none'];
  /** The variation of the delay. */
  readonly jitter?: U['time'] | U['none'];
  /**
   * The distribution of the delay about its mean: a table that `tc` has (`'normal'`, `'pareto'`, `'paretonormal'`, `'experimental'`), or up to
   * 16,384 numbers from -32,768 to 32,767, which are 8,192ths of `jitter` (`TCA_NETEM_DELAY_DIST`). It needs a `jitter`.
   *
   * The kernel does not report it, so that it is not read and not compared: a new qdisc gets it, and one that is changed otherwise.
   */
  readonly distribution?: NetemDistribution | readonly number[];
  /** The dependence of a delay on the one before it. */
  readonly delayCorrelation?: Percent | U['none'];
  /** The share of packets that are lost. */
  readonly loss?: Percent | U['none'];
  /** The dependence of a loss on the one before it. */
  readonly lossCorrelation?: Percent | U['none'];
  /** A loss model with two states, in place of `loss`. */
  readonly gilbertElliott?: NetemGilbertElliott | U['none'];
  /** The share of packets that are sent twice. */
  readonly duplicate?: Percent | U['none'];
  /** The dependence of a duplicate on the one before it. */
  readonly duplicateCorrelation?: Percent | U['none'];
  /** The share of packets with a wrong bit. */
  readonly corrupt?: Percent | U['none'];
  /** The dependence of a fault on the one before it. */
  readonly corruptCorrelation?: Percent | U['none'];
  /** The share of packets that are sent at once, before those that wait. It needs a `delay`. */
  readonly reorder?: Percent | U['none'];
  /** The dependence of a reordering on the one before it. */
  readonly reorderCorrelation?: Percent | U['none'];
  /**
   * Only every n-th packet is sent at once.
   * @defaultValue 1 beside `reorder`
   */
  readonly gap?: number | U['none'];
  /** The rate. */
  readonly rate?: U['rate'] | U['none'];
  /** The bytes that are added to each packet, for the rate. */
  readonly packetOverhead?: number | U['none'];
  /** The bytes of a cell of the link layer. */
  readonly cellSize?: number | U['none'];
  /** The bytes that are added to each cell. */
  readonly cellOverhead?: number | U['none'];
  /** Packets are marked instead of lost. */
  readonly ecn?: boolean;
  /** The pauses between groups of packets. */
  readonly slot?: NetemSlot<U> | U['none'];
  /** The seed of the random numbers; text over 2^53 - 1. A new qdisc without one gets a random seed. */
  readonly seed?: number | string;
}

const NO_DELAY = 'needs a delay: packets that do not wait cannot be reordered';

const SLOT = {
  minDelay: nanoseconds('minDelay', { bigint: true }),
  maxDelay: nanoseconds('maxDelay', { bigint: true }),
  packets: number('maxPackets', 0x7fff_ffff),
  bytes: number('maxBytes', 0x7fff_ffff),
};

const MODEL = { p: share('p'), r: share('r'), badLoss: complement(share('h')), goodLoss: share('k1') };

/** Returns a group whose values are not all 0. */
function unlessZero(values: object): object | undefined {
  return Object.values(values).some((value) => value !== 0) ? values : undefined;
}

/** Accepts a number of 64 bits; returns it as text if JSON cannot hold it. */
const seed: Check<number | string> = (value, path) => {
  const isNumber = (typeof value === 'number' && Number.isSafeInteger(value) && value >= 0) || typeof value === 'bigint';
  const digits = typeof value === 'string' && /^\d{1,20}$/.test(value);
  if (!isNumber && !digits) throw new FieldError(path, `expected an integer of 64 bits, or its digits as text, not ${shown(value)}`);
  const number = BigInt(value);
  if (number < 0n || number >= 1n << 64n) throw new FieldError(path, `expected an integer of 64 bits, not ${shown(value)}`);
  return number <= BigInt(Number.MAX_SAFE_INTEGER) ? Number(number) : String(number);
};

/** The kind `netem`. @internal */
export const netem: TrafficKind<NetemOptions> = {
  options: {
    limit: number('limit'),
    delay: absentAtZero(nanoseconds('latency64', { bigint: true })),
    jitter: absentAtZero(nanoseconds('jitter64', { bigint: true })),
    distribution,
    delayCorrelation: absentAtZero(share('corr.delayCorr')),
    loss: absentAtZero(share('loss')),
    lossCorrelation: absentAtZero(share('corr.lossCorr')),
    gilbertElliott: optionGroup('model', MODEL, (values) => values),
    duplicate: absentAtZero(share('duplicate')),
    duplicateCorrelation: absentAtZero(share('corr.dupCorr')),
    corrupt: absentAtZero(share('corrupt.probability')),
    corruptCorrelation: absentAtZero(share('corrupt.correlation')),
    reorder: absentAtZero(share('reorder.probability')),
    reorderCorrelation: absentAtZero(share('reorder.correlation')),
    gap: absentAtZero(number('gap')),
    rate: absentAtZero(rate('bytes', { wide: true })),
    packetOverhead: absentAtZero(plain('rate.packetOverhead', number('').check)),
    cellSize: absentAtZero(number('rate.cellSize')),
    cellOverhead: absentAtZero(number('rate.cellOverhead')),
    ecn: toggle('ecn'),
    slot: optionGroup('slot', SLOT, unlessZero),
    seed: { ...plain('prngSeed', seed), read: (value) => seed(value, ''), write: (value) => BigInt(value as number | string) },
  },
  whole: true,
  check: ({ loss, lossCorrelation, gilbertElliott, reorder, delay }) => {
    const beside = typeof loss === 'string' ? 'loss' : typeof lossCorrelation === 'string' ? 'lossCorrelation' : undefined;
    if (gilbertElliott !== undefined && gilbertElliott !== null) {
      const missing = ['p', 'r'].find((name) => !Object.hasOwn(gilbertElliott, name));
      if (missing !== undefined) throw new FieldError(`gilbertElliott.${missing}`, 'is required');
    }
    if (gilbertElliott !== undefined && gilbertElliott !== null && beside !== undefined)
      throw new FieldError(beside, 'excludes gilbertElliott; omit one of them');
    if (typeof reorder === 'string' && delay === null) throw new FieldError('reorder', NO_DELAY);
  },
  checkWhole: ({ reorder, delay, jitter, distribution: table }) => {
    if (table !== undefined && typeof jitter !== 'number') throw new FieldError('distribution', 'needs a jitter, which it distributes');
    if (typeof reorder === 'string' && typeof delay !== 'number') throw new FieldError('reorder', NO_DELAY);
  },
  equal: {
    // A gap of 1 belongs to `reorder`.
    gap: (wanted, found, { reorder }) =>
      wanted === found || (wanted === null && (found === undefined || (found === 1 && reorder !== undefined))),
  },
  fromData: ({ loss, ...data }) => {
    const { rate: spec, rate64, latency64, jitter64 } = data as NetemAttrs;
    const { ge } = (typeof loss === 'object' ? loss : {}) as NonNullable<NetemAttrs['loss']>;
    return {
      ...data,
      latency64: latency64 ?? 0n,
      jitter64: jitter64 ?? 0n,
      ...(typeof loss === 'number' && { loss }),
      ...(ge !== undefined && { model: ge }),
      ...(spec !== undefined && { bytes: bytesPerSecond(spec, rate64) }),
    };
  },
  toData: ({ bytes, model, loss = 0, ...data }, { reorder, gap }) => ({
    limit: LIMIT,
    ...data,
    // sch_netem reorders nothing if the gap is 0; tc sends 1 too.
    ...(typeof reorder === 'string' && typeof gap !== 'number' && { gap: 1 }),
    ...(bytes !== undefined && rateOf(bytes as number)),
    ...(model !== undefined && Object.keys(model as object).length > 0 ? { 'loss.ge': model } : { loss }),
  }),
  merge: (found, wanted) => {
    const given = (name: string): boolean => (wanted[name] ?? undefined) !== undefined;
    const { gilbertElliott, loss, lossCorrelation, ...others } = found;
    const kept = given('gilbertElliott') ? {} : given('loss') ? { lossCorrelation } : { gilbertElliott, loss, lossCorrelation };
    // The kernel has the gap of `reorder`; alone, it would reorder all packets.
    const gap = wanted['reorder'] === null ? { gap: null } : {};
    return Object.fromEntries(Object.entries({ ...others, ...kept, ...gap, ...wanted }).filter(([, value]) => value !== undefined));
  },
};

/** The packets that may wait without a limit, as in `tc`: the kernel would take 0 as it is. */
const LIMIT = 1000;

/** Returns the struct and, if the rate needs it, the attribute of 64 bits. */
function rateOf(bytes: number): KindData {
  return bytes >= 0xffff_ffff ? { 'rate.rate': 0xffff_ffff, rate64: BigInt(bytes) } : { 'rate.rate': bytes };
}
