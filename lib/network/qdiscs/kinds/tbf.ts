import type { TbfAttrs } from '../../../families/tc.js';
import type { Read, Written } from '../../common/written.js';
import { FieldError } from '../../common/field-error.js';
import { size } from '../../fields/check.js';
import { duration, number, numbered } from '../../fields/option.js';
import type { Normal } from '../../fields/shape.js';
import { merge } from '../../tables/compare.js';
import type { TrafficKind } from '../../traffic/kind.js';
import { bytesPerSecond, LINK_LAYERS, rateSpec, wideRate, type LinkLayer } from '../../traffic/rate-spec.js';
import { bytesOf, sameBurst, ticksOf } from '../../traffic/ticks.js';
import { absentAtZero, rate, sizeOf } from '../../traffic/traffic-options.js';

/** The options of a qdisc of kind `tbf`: one rate for all packets (`TCA_TBF_*`). @public */
export interface TbfOptions<U extends Written = Read> {
  /** The rate. */
  readonly rate?: U['rate'];
  /** The bytes that may be sent at once, at least those of a full packet: 1,514. The kernel keeps the time that they take at `rate`, in ticks of 64 ns. */
  readonly burst?: U['size'];
  /** The longest time that a packet may wait, which sets `limit`. */
  readonly latency?: U['time'];
  /** The bytes that may wait; packets beyond are dropped. `latency` sets it too: write one of them. */
  readonly limit?: U['size'];
  /** The rate of a burst. It needs `peakBurst`. */
  readonly peakRate?: U['rate'] | U['none'];
  /** The bytes that may be sent at once at the peak rate, at least the MTU of the link (`mtu` of `tc`). */
  readonly peakBurst?: U['size'] | U['none'];
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

/** Microseconds of a latency. `tc` prints them too. */
const MICROSECOND = 0.001;

/** Returns the bytes that wait at most, for a latency in milliseconds; rates are bits per second. */
function limitOf({ rate: bits, latency, burst, peakRate, peakBurst }: Readonly<Record<string, number>>): number {
  const seconds = latency! / 1000;
  const limit = Math.floor(Number(((bits! / 8) * seconds).toPrecision(12))) + burst!;
  if (peakRate === undefined) return limit;
  return Math.min(limit, Math.floor(Number(((peakRate / 8) * seconds).toPrecision(12))) + (peakBurst ?? 0));
}

function numbersOf(options: Normal): Readonly<Record<string, number>> {
  return Object.fromEntries(Object.entries(options).filter(([, value]) => typeof value === 'number')) as Record<string, number>;
}

/** A packet of an Ethernet link with the usual MTU: 1,500 bytes, and the header. */
const FULL_PACKET = 1514;

/**
 * A packet that is larger than the burst never finds enough tokens: the kernel drops it (tbf_enqueue), and only logs at the creation that the burst is
 * below `psched_mtu()`. The check does not know the MTU of the link.
 *
 * @throws FieldError if a burst is smaller than a full packet.
 */
function checkBursts(given: Readonly<Record<string, unknown>>): void {
  for (const name of ['burst', 'peakBurst']) {
    const value = given[name];
    if (value === undefined || value === null) continue;
    const bytes = size(value, name);
    if (bytes < FULL_PACKET)
      throw new FieldError(
        name,
        `${bytes} bytes are less than a full packet of Ethernet, and the kernel drops each larger packet; ` +
          `expected at least ${FULL_PACKET} bytes, the MTU of the link and 14; write '2kib' or more`,
      );
  }
}

function checkTbf(options: Normal): void {
  const { latency, limit, burst, rate: bits, peakRate, peakBurst } = numbersOf(options);
  if (peakRate !== undefined && bits !== undefined && peakRate <= bits) throw new FieldError('peakRate', 'is not over the rate');
  if (peakBurst !== undefined && options['peakRate'] === null) throw new FieldError('peakBurst', 'needs a peak rate');
  if (latency === undefined || limit === undefined || burst === undefined || bits === undefined) return;
  const expected = limitOf(numbersOf(options));
  // A latency that was read is a whole number of microseconds.
  if (Math.abs(expected - limit) > (Math.max(bits, peakRate ?? 0) / 8) * 2e-6 + 2)
    throw new FieldError('limit', `contradicts latency, which makes it ${expected} bytes; omit one of them`);
}

/** The kind `tbf`. @internal */
export const tbf: TrafficKind<TbfOptions> = {
  checkGiven: checkBursts,
  options: {
    rate: rate('rate', { wide: true }),
    burst: sizeOf('burst', {}, 0xffff_ffff, 1),
    latency: duration('latency', MICROSECOND),
    limit: sizeOf('limit', {}, 0xffff_ffff, 1),
    peakRate: absentAtZero(rate('peakRate', { wide: true })),
    peakBurst: absentAtZero(sizeOf('peakBurst')),
    overhead: absentAtZero(number('overhead', 0xffff)),
    mpu: absentAtZero(number('mpu', 0xffff)),
    linkLayer: numbered('linklayer', LINK_LAYERS),
  },
  whole: true,
  needs: ['rate', 'burst'],
  check: checkTbf,
  fromData: (data) => {
    const { parms, rate64, prate64 } = data as TbfAttrs;
    if (parms === undefined) return data;
    const [bytes, peak] = [bytesPerSecond(parms.rate, rate64), bytesPerSecond(parms.peakrate, prate64)];
    const [burst, peakBurst] = [bytesOf(parms.buffer, bytes), peak === 0 ? 0 : bytesOf(parms.mtu, peak)];
    const waits = [(parms.limit - burst) / bytes, ...(peak === 0 ? [] : [(parms.limit - peakBurst) / peak])];
    const latency = Math.max(0, Math.round(Math.max(...waits) * 1e6));
    const { overhead, mpu, linklayer } = parms.rate;
    return { rate: bytes, peakRate: peak, burst, peakBurst, limit: parms.limit, latency, overhead, mpu, linklayer };
  },
  toData: (data, options) => {
    const {
      rate: slow = 0,
      peakRate: fast = 0,
      burst = 0,
      peakBurst = 0,
      overhead = 0,
      mpu = 0,
      linklayer,
    } = data as Readonly<Record<string, number>>;
    const numbers = numbersOf(options);
    const limit = numbers['limit'] ?? (numbers['latency'] === undefined ? undefined : limitOf(numbers));
    if (limit === undefined) throw new FieldError('latency', 'is required to write a qdisc of kind tbf; write latency or limit');
    if (fast !== 0 && peakBurst === 0)
      throw new FieldError('peakBurst', 'is required with a peak rate; write at least the MTU of the link');
    const spec = { overhead, mpu, ...(linklayer !== undefined && { linklayer }) };
    return {
      parms: {
        rate: rateSpec(slow, spec),
        ...(fast !== 0 && { peakrate: rateSpec(fast, spec), mtu: ticksOf(peakBurst, fast) }),
        limit,
        buffer: ticksOf(burst, slow),
      },
      ...wideRate('rate64', slow),
      ...wideRate('prate64', fast),
    };
  },
  merge: (found, wanted) => {
    // The limit stays if neither is wanted, because it is what the kernel keeps.
    const { latency: _latency, limit, ...others } = found;
    return merge(wanted['latency'] !== undefined && wanted['limit'] === undefined ? others : { ...others, limit }, wanted);
  },
  equal: {
    burst: (wanted, found, { rate: bits }) => sameBurst(wanted, found, (bits as number) / 8),
    peakBurst: (wanted, found, { peakRate }) => sameBurst(wanted, found, ((peakRate as number | undefined) ?? 0) / 8),
    latency: (wanted, found, { rate: bits }) => Math.abs((wanted as number) - (found as number)) <= latencyStep(bits as number),
  },
};

/** Returns the milliseconds of one byte, and of the ticks that the kernel drops. */
function latencyStep(bits: number): number {
  return MICROSECOND + 16_000 / bits;
}
