import { Observable, type OperatorFunction } from 'rxjs';
import { checkFunction } from '../check/index.js';
import type { LiveChange } from './live-change.js';
import { VersionedMap } from './versions/versioned-map.js';

/**
 * Turns changes into snapshots: emits a new map after `synced` and after each change.
 *
 * An emitted map never changes. It shares with the next one what did not change, so that a change costs about a microsecond,
 * whatever the number of entries. The maps iterate in the order of insertion. They are not instances of `Map`; `new Map(map)`
 * creates one.
 *
 * ```text
 * source:  --s--a--r--|      s = synced [x], a = added y, r = removed x
 *          toMap(key)
 * result:  --1--2--3--|      1 = {x}, 2 = {x, y}, 3 = {y}
 * ```
 *
 * @param key - Returns the key of an entry in the map.
 * @public
 */
export function toMap<T, Key>(key: (value: T) => Key): OperatorFunction<LiveChange<T>, ReadonlyMap<Key, T>> {
  checkFunction('toMap(): key', key);
  return (source) =>
    new Observable((subscriber) => {
      let current: VersionedMap<Key, T> | undefined;
      return source.subscribe({
        next: (change) => {
          if (change.type === 'synced') {
            current = new VersionedMap();
            for (const value of change.entries) current.set(key(value), value);
          } else if (current === undefined) return;
          else if (change.type === 'removed') current.delete(key(change.value));
          else current.set(key(change.value), change.value);
          subscriber.next(current.snapshot());
        },
        error: (error: unknown) => subscriber.error(error),
        complete: () => subscriber.complete(),
      });
    });
}
