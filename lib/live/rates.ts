import { defer, filter, map, timestamp, type OperatorFunction } from 'rxjs';
import { checkFunction, checkOptionNames, kindOf } from '../check/index.js';
import { otherObject } from './other-object.js';

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
export interface RatesOptions<T = unknown> {
  /**
   * Width of the counters in bits. A 32-bit counter that has become smaller has wrapped; a 64-bit counter has been reset.
   * @defaultValue 64
   */
  readonly bits?: 32 | 64;
  /**
   * Returns what identifies an object, e.g. the name of a link: a value is compared with the previous one of the same key. The last
   * counters of each key are kept until the subscription ends.
   * @defaultValue all values belong to one object
   */
  readonly key?: (value: T) => unknown;
}

const OPTIONS: ReadonlySet<string> = new Set<keyof RatesOptions>(['bits', 'key']);

/**
 * Turns the counters of successive values into rates per second.
 *
 * In plain words: divides the growth of each counter by the elapsed time. Without `key`, all values must belong to one object: the
 * difference between counters of two objects is not a rate. The operator recognises another object only by its index and name
 * (`ifiIndex`, `index`, `ifname`, `name`), and fails.
 *
 * ```text
 * source:  a 999ms b 999ms c|     a, b, c = counters at 0, 100, 350
 *          rates(counters)
 * result:  - 999ms x 999ms y|     x = 100 a second, y = 250 a second
 * ```
 *
 * @param counters - Returns the counters of a value, by name.
 * @param options - `key` if the source emits the values of several objects.
 * @returns An operator that emits nothing for the first value of an object, nor for a value that arrives at the time of the previous one.
 * @throws TypeError as the error signal, if a counter is not an integer, or a value without `key` belongs to another object.
 * @example Print the bytes per second of an interface
 * ```ts
 * timer(0, 1000).pipe(
 *   switchMap(() => link.do('getlink', { ifname: 'eth0' })),
 *   rates(({ stats64 }) => ({ received: stats64!.rxBytes, sent: stats64!.txBytes })),
 * );
 * ```
 * @example Those of all interfaces
 * ```ts
 * timer(0, 1000).pipe(
 *   switchMap(() => link.dump('getlink')),
 *   rates(({ stats64 }) => ({ received: stats64!.rxBytes }), { key: ({ ifiIndex }) => ifiIndex }),
 * );
 * ```
 * @public
 */
export function rates<T, Name extends string>(
  counters: (value: T) => Readonly<Record<Name, bigint | number>>,
  options: RatesOptions<T> = {},
): OperatorFunction<T, Rates<T, Name>> {
  checkFunction('rates(): counters', counters);
  checkOptionNames('rates()', options, OPTIONS);
  const { bits = 64, key } = options;
  if ((bits as number) !== 32 && bits !== 64) throw new RangeError(`rates(): bits is ${String(bits)}; expected 32 or 64`);
  if (key !== undefined) checkFunction('rates(): key', key);
  return (source) =>
    defer(() => {
      const readings = new Map<unknown, Reading<T, Name>>();
      return source.pipe(
        timestamp(),
        map(({ value, timestamp: time }) => {
          const name = key?.(value);
          const reading = { value, time, counters: checked(counters(value)) };
          const previous = readings.get(name);
          if (previous !== undefined && key === undefined) checkSame(previous.value, value);
          readings.set(name, reading);
          return previous === undefined || time <= previous.time ? undefined : between(previous, reading, bits);
        }),
        filter((result) => result !== undefined),
      );
    });
}

/** The counters of a value, and the time of its arrival. */
interface Reading<T, Name extends string> {
  readonly value: T;
  readonly time: number;
  readonly counters: Readonly<Record<Name, bigint | number>>;
}

/** Returns the growth between two readings of an object. */
function between<T, Name extends string>(previous: Reading<T, Name>, current: Reading<T, Name>, bits: 32 | 64): Rates<T, Name> {
  const seconds = (current.time - previous.time) / 1000;
  const grown = (Object.keys(current.counters) as Name[]).map((name) => {
    const before = previous.counters[name] as bigint | number | undefined;
    if (before === undefined)
      throw new TypeError(`rates(): counter ${name} is absent from the previous value; expected the same counters of each value`);
    return [name, growth(BigInt(before), BigInt(current.counters[name]), bits) / seconds] as const;
  });
  return { value: current.value, seconds, rates: Object.fromEntries(grown) as Record<Name, number> };
}

function growth(previous: bigint, current: bigint, bits: 32 | 64): number {
  if (current >= previous) return Number(current - previous);
  return Number(bits === 32 ? BigInt.asUintN(bits, current - previous) : current);
}

/** @throws TypeError if a value is not an object of counters. */
function checked<Name extends string>(counters: Readonly<Record<Name, bigint | number>>): Readonly<Record<Name, bigint | number>> {
  if (typeof counters !== 'object' || (counters as unknown) === null) {
    throw new TypeError(
      `rates(): the counters of a value must be an object, e.g. { bytes: 5n }, not ${kindOf(counters)}; return them by name`,
    );
  }
  for (const [name, value] of Object.entries<unknown>(counters)) {
    if (typeof value === 'bigint' || Number.isInteger(value)) continue;
    const shown = typeof value === 'number' || value === undefined ? String(value) : kindOf(value);
    throw new TypeError(`rates(): counter ${name} is ${shown}; expected a bigint or an integer; return 0n for an absent counter`);
  }
  return counters;
}

/** @throws TypeError if two successive values belong to different objects. */
function checkSame(previous: unknown, value: unknown): void {
  const other = otherObject(previous, value);
  if (other === undefined) return;
  const [property, before, now] = other;
  throw new TypeError(
    `rates(): the values belong to different objects (${property} ${before}, then ${now}); expected one object without key; ` +
      `pass { key: (value) => value.${property} }`,
  );
}
