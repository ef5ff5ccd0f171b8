import type { HtbAttrs } from '../../families/tc.js';
import { FieldError } from '../common/field-error.js';
import type { Read, Written } from '../common/written.js';
import { number, numbered } from '../fields/option.js';
import type { Normal } from '../fields/shape.js';
import { merge } from '../tables/compare.js';
import type { TrafficKind } from '../traffic/kind.js';
import { bytesPerSecond, LINK_LAYERS, rateSpec, wideRate, type LinkLayer } from '../traffic/rate-spec.js';
import { bytesOf, sameBurst, ticksOf, usualBurst } from '../traffic/ticks.js';
import { absentAtZero, rate, sizeOf } from '../traffic/traffic-options.js';

/** The options of a class of kind `htb` (struct tc_htb_opt). @public */
export interface HtbClassOptions<U extends Written = Read> {
  /** The rate that the class has in any case. */
  readonly rate?: U['rate'];
  /**
   * The rate up to which the class borrows from the class above; `null` for `rate`. A ceil that equals the rate follows a new rate.
   * @defaultValue for a new class `rate`
   */
  readonly ceil?: U['rate'] | U['none'];
  /**
   * The bytes that may be sent at once. The kernel keeps the time that they take at `rate`, in ticks of 64 ns.
   * @defaultValue for a new class that of `tc`: the bytes of one timer interrupt, and 1,600
   */
  readonly burst?: U['size'];
  /**
   * The bytes that may be sent at once at the rate `ceil`.
   * @defaultValue for a new class that of `tc`, like `burst`
   */
  readonly cburst?: U['size'];
  /**
   * Classes with a lower number borrow first.
   * @defaultValue for a new class 0
   */
  readonly priority?: number;
  /**
   * The bytes that the class sends before the next one of the same priority; inner classes have none.
   * @defaultValue for a new class the rate in bytes per second divided by `rate2quantum` of the qdisc
   */
  readonly quantum?: number;
  /** The bytes that are added to each packet. */
  readonly overhead?: number | U['none'];
  /** The bytes for which a smaller packet counts. */
  readonly mpu?: number | U['none'];
  /**
   * The way to count bytes.
   * @defaultValue `'ethernet'`
   */
  readonly linkLayer?: LinkLayer | number;
}

/** Returns the options without the defaults of the present rate, so that those of a new rate apply. */
function withoutDefaults({ ceil, burst, cburst, ...others }: Normal): Normal {
  const isUsual = (bytes: unknown, bits: unknown): boolean => sameBurst(bytes, usualBurst((bits as number) / 8), (bits as number) / 8);
  return {
    ...others,
    ...(ceil !== others['rate'] && { ceil }),
    ...(!isUsual(burst, others['rate']) && { burst }),
    ...(!isUsual(cburst, ceil) && { cburst }),
  };
}

/** The classes of kind `htb`. @internal */
export const htbClass: TrafficKind<HtbClassOptions> = {
  options: {
    rate: rate('rate', { wide: true }),
    ceil: rate('ceil', { wide: true, nullable: true }),
    burst: sizeOf('burst', {}, 0xffff_ffff, 1),
    cburst: sizeOf('cburst', {}, 0xffff_ffff, 1),
    priority: number('prio', 7),
    quantum: { ...number('quantum', 0xffff_ffff, {}, 1), read: (value) => (value === 0 ? undefined : value) },
    overhead: absentAtZero(number('overhead', 0xffff)),
    mpu: absentAtZero(number('mpu', 0xffff)),
    linkLayer: numbered('linklayer', LINK_LAYERS),
  },
  whole: true,
  needs: ['rate'],
  check: ({ rate: least, ceil }) => {
    if (typeof least !== 'number' || typeof ceil !== 'number' || ceil >= least) return;
    const remedy = 'write a ceil of at least the rate, or null for the rate itself';
    throw new FieldError('ceil', `${ceil} is below the rate ${least}; ${remedy}`);
  },
  merge: (found, wanted) => merge(withoutDefaults(found), wanted),
  fromData: (data) => {
    const { parms, rate64, ceil64 } = data as HtbAttrs;
    if (parms === undefined) return data;
    const [slow, fast] = [bytesPerSecond(parms.rate, rate64), bytesPerSecond(parms.ceil, ceil64)];
    const { overhead, mpu, linklayer } = parms.rate;
    const bursts = { burst: bytesOf(parms.buffer, slow), cburst: bytesOf(parms.cbuffer, fast) };
    return { rate: slow, ceil: fast, ...bursts, prio: parms.prio, quantum: parms.quantum, overhead, mpu, linklayer };
  },
  toData: (data) => {
    const { rate: least = 0, ceil = 0, burst, cburst, prio = 0, quantum = 0, ...spec } = data as Readonly<Record<string, number>>;
    const most = ceil === 0 ? least : ceil;
    return {
      parms: {
        rate: rateSpec(least, spec),
        ceil: rateSpec(most, spec),
        buffer: ticksOf(burst ?? usualBurst(least), least),
        cbuffer: ticksOf(cburst ?? usualBurst(most), most),
        quantum,
        prio,
      },
      ...wideRate('rate64', least),
      ...wideRate('ceil64', most),
    };
  },
  equal: {
    ceil: (wanted, found, { rate: bits }) => (wanted ?? bits) === found,
    burst: (wanted, found, { rate: bits }) => sameBurst(wanted, found, (bits as number) / 8),
    cburst: (wanted, found, { ceil }) => sameBurst(wanted, found, (ceil as number) / 8),
  },
};
