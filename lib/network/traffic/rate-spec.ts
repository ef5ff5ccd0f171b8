import type { KindData } from './kind.js';
import type { TcRatespec } from '../../families/tc.js';

/** The largest rate of a struct tc_ratespec, which means that the rate is in an attribute of 64 bits. */
const MOST = 0xffff_ffff;

/** The way in which a rate counts the bytes of packets. @public */
export type LinkLayer = 'ethernet' | 'atm';

/** `TC_LINKLAYER_*` by name. With a link layer, the kernel needs no rate table. @internal */
export const LINK_LAYERS: Readonly<Record<LinkLayer, number>> = { ethernet: 1, atm: 2 };

/** Returns bytes per second: those of the attribute, or of the struct. @internal */
export function bytesPerSecond(spec: Pick<TcRatespec, 'rate'> | undefined, wide: bigint | undefined): number {
  return wide === undefined ? (spec?.rate ?? 0) : Number(wide);
}

/** Returns a struct tc_ratespec for bytes per second. @internal */
export function rateSpec(rate: number, { overhead = 0, mpu = 0, linklayer = LINK_LAYERS.ethernet }: Partial<TcRatespec>): TcRatespec {
  return { cellLog: 0, linklayer, overhead, cellAlign: -1, mpu, rate: Math.min(rate, MOST) };
}

/** Returns the attribute of 64 bits, if a rate needs it. @internal */
export function wideRate(attribute: string, rate: number): KindData {
  return rate >= MOST ? { [attribute]: BigInt(rate) } : {};
}
