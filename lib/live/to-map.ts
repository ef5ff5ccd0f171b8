import { Observable, type OperatorFunction } from 'rxjs';
import { checkFunction } from './checks.js';
import type { LiveChange } from './live-change.js';

/**
 * Turns changes into snapshots: emits a new map after `synced` and after each change.
 *
 * An emitted map never changes. Prefer the changes themselves if there are many entries and many changes.
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
      let current = new Map<Key, T>();
      let synced = false;
      return source.subscribe({
        next: (change) => {
          if (change.type === 'synced') {
            current = new Map(change.entries.map((value) => [key(value), value]));
            synced = true;
          } else {
            current = new Map(current);
            if (change.type === 'removed') current.delete(key(change.value));
            else current.set(key(change.value), change.value);
          }
          if (synced) subscriber.next(current);
        },
        error: (error: unknown) => subscriber.error(error),
        complete: () => subscriber.complete(),
      });
    });
}
