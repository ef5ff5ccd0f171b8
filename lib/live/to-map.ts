import { Observable, type OperatorFunction } from 'rxjs';
import { checkFunction } from './checks.js';
import type { LiveChange } from './live-change.js';

/**
 * Turns changes into snapshots: a new map after `synced` and after each change.
 *
 * Each emission is a map of its own that never changes again; with many entries and many changes prefer the changes themselves.
 *
 * ```text
 * source:  --s--a--r--|      s = synced [x], a = added y, r = removed x
 *          toMap(key)
 * result:  --1--2--3--|      1 = {x}, 2 = {x, y}, 3 = {y}
 * ```
 *
 * @param key - What the map's keys are.
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
