import { filter, map, pairwise, timestamp, type OperatorFunction } from 'rxjs';

/** The growth of counters between two values. @public */
export interface Rates<T, Name extends string> {
  /** The later of the two values. */
  readonly value: T;
  /** Growth per second since the previous value, by counter. */
  readonly rates: Readonly<Record<Name, number>>;
  /** Seconds between the two values. */
  readonly seconds: number;
}

/** Options of {@link rates}. @public */
export interface RatesOptions {
  /**
   * Width of the counters in bits. A 32-bit counter that has become smaller has wrapped; a 64-bit counter has been reset.
   * @defaultValue 64
   */
  readonly bits?: 32 | 64;
}

/**
 * Turns the counters of successive values into rates per second.
 *
 * In plain words: divides the growth of each counter by the elapsed time. All values must belong to one object; apply
 * `groupBy` first if the source emits several objects.
 *
 * ```text
 * source:  a 999ms b 999ms c|     a, b, c = counters at 0, 100, 350
 *          rates(counters)
 * result:  - 999ms x 999ms y|     x = 100 a second, y = 250 a second
 * ```
 *
 * @param counters - Returns the counters of a value, by name.
 * @returns An operator that emits nothing for the first value, nor for a value that arrives at the time of the previous one.
 * @example Print the bytes per second of an interface
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
