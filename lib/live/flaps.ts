import { defer, filter, map, timestamp, type OperatorFunction } from 'rxjs';
import { checkCount, checkFunction, checkOptionNames, checkTime, kindOf } from '../check/index.js';
import type { LiveChange, LiveDifference, ChangedProperty } from './live-change.js';

/** Options of {@link flaps}. @public */
export interface FlapsOptions<T> {
  /** Length of the sliding window in milliseconds. */
  readonly within: number;
  /** Returns what identifies an object, e.g. the name of a link. An object that is removed and added again keeps its key. */
  readonly key: (value: T) => unknown;
  /**
   * Number of changes within the window from which on an object flaps.
   * @defaultValue 3
   */
  readonly times?: number;
  /**
   * The property whose changes count. Other changes of the object do not count, nor do its arrival and removal. A property that no
   * object has is never counted: objects may lack a property until it is set.
   * @defaultValue every change counts: added, changed and removed
   */
  readonly of?: ChangedProperty<T>;
}

/** A change of an object that flaps. @public */
export interface Flap<T> {
  /** The object's key, as {@link FlapsOptions.key} returned it. */
  readonly key: unknown;
  /** The change that completed the count. */
  readonly change: LiveDifference<T>;
  /** Number of changes within the window that ends with this change, this one included. */
  readonly times: number;
}

const OPTIONS: ReadonlySet<string> = new Set<keyof FlapsOptions<unknown>>(['within', 'key', 'times', 'of']);

/**
 * Emits each change of an object that has changed too often within a sliding window.
 *
 * In plain words: reports a link whose cable is loose. A change counts if it is at most `within` milliseconds older than the
 * present one. Each change that finds at least `times` in the window, itself included, is emitted. Objects without a change
 * in the window take no memory.
 *
 * ```text
 * source:  --a-b-a-a-----a--|     changes of the objects a and b
 *          flaps({ within: 4, key, times: 2 })
 * result:  ------x-y--------|     x, y = two changes of a in 4 frames
 * ```
 *
 * @returns An operator on the changes of a live collection; `synced` is not a change of an object.
 * @example Interfaces whose carrier came or went at least three times in ten seconds
 * ```ts
 * link.watch('getlink').pipe(flaps({ within: 10_000, times: 3, of: 'operstate', key: ({ ifname }) => ifname }));
 * ```
 * @public
 */
export function flaps<T>(options: FlapsOptions<T>): OperatorFunction<LiveChange<T>, Flap<T>> {
  checkOptionNames('flaps()', options, OPTIONS);
  const { within, key, times = 3, of } = options;
  checkFunction('flaps(): key', key);
  checkTime('flaps(): within', within);
  checkCount('flaps(): times', times);
  if (of !== undefined && typeof of !== 'string') throw new TypeError(`flaps(): of must be the name of a property, not ${kindOf(of)}`);
  return (source) =>
    defer(() => {
      const recent = new RecentChanges(within);
      return source.pipe(
        filter((change): change is LiveDifference<T> => change.type !== 'synced' && (of === undefined || changes(change, of))),
        timestamp(),
        map(({ value: change, timestamp: time }) => {
          const name = key(change.value);
          return { key: name, change, times: recent.add(name, time) };
        }),
        filter((flap) => flap.times >= times),
      );
    });
}

function changes<T>(change: LiveDifference<T>, property: ChangedProperty<T>): boolean {
  return change.type === 'changed' && change.properties.includes(property);
}

/** The times of the changes within the window, by object; the object with the oldest last change comes first. */
class RecentChanges {
  readonly #within: number;
  readonly #times = new Map<unknown, number[]>();

  constructor(within: number) {
    this.#within = within;
  }

  /** Adds a change and returns how many the object has in the window that ends now. */
  add(key: unknown, now: number): number {
    const start = now - this.#within;
    for (const [resting, times] of this.#times) {
      if (times.at(-1)! >= start) break;
      this.#times.delete(resting);
    }
    const times = this.#times.get(key) ?? [];
    let old = 0;
    while (old < times.length && times[old]! < start) old++;
    // A copy for each change takes seconds if there are thousands of changes within the window.
    if (old > 0) times.splice(0, old);
    times.push(now);
    this.#times.delete(key);
    this.#times.set(key, times);
    return times.length;
  }
}
