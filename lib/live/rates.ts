import { filter, map, pairwise, timestamp, type OperatorFunction } from 'rxjs';

/** How fast counters grow. @public */
export interface Rates<T, Name extends string> {
  /** The later of the two values. */
  readonly value: T;
  /** Per second, since the value before. */
  readonly rates: Readonly<Record<Name, number>>;
  /** How long that was. */
  readonly seconds: number;
}

/** What counters are like. @public */
export interface RatesOptions {
  /**
   * How many bits they have: one of 32 that has become smaller has begun anew behind its end; one of 64 never gets there, and
   * has been reset.
   * @defaultValue 64
   */
  readonly bits?: 32 | 64;
}

/**
 * Turns counters that are read now and then into figures per second.
 *
 * In plain words: what a counter has grown by, through the time that took. The values must be those of one object: where
 * several come, `groupBy` goes before.
 *
 * ```text
 * source:  a 999ms b 999ms c|     a, b, c = counters at 0, 100, 350
 *          rates(counters)
 * result:  - 999ms x 999ms y|     x = 100 a second, y = 250 a second
 * ```
 *
 * @param counters - The counters of a value, by name.
 * @returns An operator that says nothing of the first value, and is silent where two come at the same moment.
 * @example Bytes per second of an interface
 * ```ts
 * timer(0, 1000).pipe(
 *   switchMap(() => link.do('getlink', { ifname: 'eth0' })),
 *   rates(({ stats64 }) => ({ received: stats64!.rxBytes, sent: stats64!.txBytes })),
 * );
 * ```
 * @public
 */
export function rates<T, Name extends string>(
  counters: (value: T) => Readonly<Record<Name, bigint | number>>,
  { bits = 64 }: RatesOptions = {},
): OperatorFunction<T, Rates<T, Name>> {
  return (source) =>
    source.pipe(
      timestamp(),
      map(({ value, timestamp: time }) => ({ value, time, counters: counters(value) })),
      pairwise(),
      filter(([previous, current]) => current.time > previous.time),
      map(([previous, current]) => {
        const seconds = (current.time - previous.time) / 1000;
        const grown = (Object.keys(current.counters) as Name[]).map(
          (name) => [name, growth(BigInt(previous.counters[name]), BigInt(current.counters[name]), bits) / seconds] as const,
        );
        return { value: current.value, seconds, rates: Object.fromEntries(grown) as Record<Name, number> };
      }),
    );
}

function growth(previous: bigint, current: bigint, bits: 32 | 64): number {
  if (current >= previous) return Number(current - previous);
  return Number(bits === 32 ? BigInt.asUintN(bits, current - previous) : current);
}
