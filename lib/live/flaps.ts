import { defer, filter, map, timestamp, type OperatorFunction } from 'rxjs';
import { checkFunction, checkTime } from './checks.js';
import type { LiveChange, LiveDifference } from './live-change.js';

/** What counts as flapping. @public */
export interface FlapsOptions<T> {
  /** Milliseconds: changes of an object that are at most so far apart belong together. */
  readonly within: number;
  /** What stays the same while an object comes and goes. */
  readonly key: (value: T) => unknown;
  /**
   * How many changes in a row are told.
   * @defaultValue 3
   */
  readonly times?: number;
}

/** An object that does not come to rest. @public */
export interface Flap<T> {
  /** What {@link FlapsOptions.key} says of it. */
  readonly key: unknown;
  /** Its last change. */
  readonly change: LiveDifference<T>;
  /** How many changes there have been without a rest. */
  readonly times: number;
}

/**
 * Tells of objects that come, go or change again and again without a rest.
 *
 * In plain words: a link whose cable is loose. Each further change is told until the object has been quiet for `within`.
 * Nothing is kept of objects that are.
 *
 * ```text
 * source:  --a-b-a-a-----a--|     changes of the objects a and b
 *          flaps({ within: 4, key, times: 2 })
 * result:  ------x-y--------|     x = a twice, y = a three times
 * ```
 *
 * @returns An operator on the changes of a live collection; `synced` is no change of an object.
 * @example Interfaces that went up and down three times with less than ten seconds between
 * ```ts
 * link.watch('getlink').pipe(flaps({ within: 10_000, key: ({ ifname }) => ifname }));
 * ```
 * @public
 */
export function flaps<T>({ within, key, times = 3 }: FlapsOptions<T>): OperatorFunction<LiveChange<T>, Flap<T>> {
  checkFunction('flaps(): key', key);
  checkTime('flaps(): within', within);
  return (source) =>
    defer(() => {
      const restless = new Restless(within);
      return source.pipe(
        filter((change): change is LiveDifference<T> => change.type !== 'synced'),
        timestamp(),
        map(({ value: change, timestamp: time }) => {
          const name = key(change.value);
          return { key: name, change, times: restless.count(name, time) };
        }),
        filter((flap) => flap.times >= times),
      );
    });
}

/** How often what has not rested has changed; the longest at rest first. */
class Restless {
  readonly #within: number;
  readonly #changed = new Map<unknown, { readonly times: number; readonly time: number }>();

  constructor(within: number) {
    this.#within = within;
  }

  count(key: unknown, time: number): number {
    for (const [resting, { time: last }] of this.#changed) {
      if (time - last <= this.#within) break;
      this.#changed.delete(resting);
    }
    const times = (this.#changed.get(key)?.times ?? 0) + 1;
    this.#changed.delete(key);
    this.#changed.set(key, { times, time });
    return times;
  }
}
