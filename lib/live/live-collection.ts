import { EMPTY, Observable } from 'rxjs';
import { checkFunction } from './checks.js';
import { KeyedStore } from './keyed-store.js';
import type { LiveChange, LiveEvent } from './live-change.js';
import { LiveSource } from './live-source.js';
import type { LiveStore } from './live-store.js';

/** How to keep a collection true to any source. @public */
export interface LiveCollectionOptions<T extends object> {
  /** Reads everything, once; completes at the end. Subscribed to again after every loss. */
  readonly snapshot: () => Observable<T>;
  /**
   * Everything that happens, from its subscription on. An {@link OverrunError} is a loss: it is subscribed to again, at once,
   * and everything is read again. Any other error ends the collection.
   */
  readonly changes: () => Observable<LiveEvent<T>>;
  /** What stays the same while an object lives. */
  readonly key: (value: T) => unknown;
  /** Whether two states of an object are the same to a subscriber; by default a comparison in depth. */
  readonly equals?: (previous: T, value: T) => boolean;
  /** Properties that update an entry without being a change, such as counters. */
  readonly volatile?: readonly string[];
  /** What counts of an object, where something deeper inside it is no change. */
  readonly significant?: (value: T) => object;
  /** Changes tell only what is new of an object: the rest of it stays. */
  readonly partial?: boolean;
  /**
   * Completes when everything that was queued for `changes` before its subscription has been delivered; without it changes
   * that come during the snapshot may be told after `synced`.
   */
  readonly barrier?: () => Observable<unknown>;
  /** Completes when what the last event has set off is done, so that a snapshot sees its outcome. */
  readonly settled?: () => Observable<unknown>;
  /** Whether something deleted during the snapshot may have made it miss something else, as in the kernel's large dumps. */
  readonly deletesInterrupt?: boolean;
  /** Milliseconds after which everything is read again although nothing was heard. */
  readonly interval?: number;
  /** How objects are kept, where one a key is not enough. */
  readonly store?: () => LiveStore<T>;
}

/**
 * Keeps a collection that stays true: what is there now, then every change, and after a loss only the differences.
 *
 * Every subscriber first sees `synced` with all entries. Changes that come while everything is read are not lost and not
 * told twice. Many subscribers share one subscription to the source; it ends with the last of them.
 *
 * ```text
 * changes:   --x----y-----#-----        x, y events, # = overrun
 * snapshot:  ----ab|      --ac|
 * result:    ------s---y------r(+c)s    s = synced, r = removed b, + = added c
 * ```
 *
 * @example Files of a folder, as any source could be
 * ```ts
 * liveCollection({ snapshot: () => from(listFiles()), changes: () => fileEvents, key: (file) => file.path });
 * ```
 * @public
 */
export function liveCollection<T extends object>(options: LiveCollectionOptions<T>): Observable<LiveChange<T>> {
  const { key, volatile, significant, partial, equals, snapshot, changes, interval } = options;
  checkFunction('liveCollection(): snapshot', snapshot);
  checkFunction('liveCollection(): changes', changes);
  if (options.store === undefined) checkFunction('liveCollection(): key', key);
  const source = new LiveSource<T>({
    snapshot,
    changes,
    interval,
    barrier: options.barrier ?? (() => EMPTY),
    settled: options.settled ?? (() => EMPTY),
    store: options.store ?? (() => new KeyedStore({ key, volatile, significant, partial, equals })),
    deletesInterrupt: options.deletesInterrupt ?? false,
  });
  return new Observable((subscriber) => source.subscribe(subscriber));
}
