import { EMPTY, Observable } from 'rxjs';
import { checkFunction, checkOptionNames } from '../check/index.js';
import { KeyedStore } from './stores/keyed-store.js';
import type { LiveChange, LiveEvent } from './live-change.js';
import { LiveSource } from './resync/live-source.js';
import { ResyncLoop, type ResyncSource } from './resync/resync-loop.js';
import type { LiveStore } from './stores/live-store.js';

/** Options of {@link liveCollection}. @public */
export interface LiveCollectionOptions<T extends object> {
  /** Emits all objects, then completes. The collection subscribes again after every loss. */
  readonly snapshot: () => Observable<T>;
  /**
   * Emits every event from its subscription on. After an `OverrunError` the collection subscribes again at once and
   * reads the snapshot again. Any other error ends the collection.
   */
  readonly changes: () => Observable<LiveEvent<T>>;
  /** Returns the key of an object: it stays the same as long as the object exists. */
  readonly key: (value: T) => unknown;
  /**
   * Returns true if two states of an object are the same to a subscriber.
   * @defaultValue a deep comparison
   */
  readonly equals?: (previous: T, value: T) => boolean;
  /** Properties that update an entry without a `changed`, such as counters. */
  readonly volatile?: readonly string[];
  /** Returns the part of an object that is compared; needed if a nested property is volatile. */
  readonly significant?: (value: T) => object;
  /** Events contain only the new properties of an object; the entry keeps the others. */
  readonly partial?: boolean;
  /**
   * Completes when all events that were queued for `changes` before its subscription have been delivered. Without it,
   * events of the time of the snapshot may be emitted after `synced`.
   */
  readonly barrier?: () => Observable<unknown>;
  /** Completes when the change behind the last event is done, so that a snapshot contains its outcome. */
  readonly settled?: () => Observable<unknown>;
  /** True if an object that is deleted during the snapshot may make it miss another one, as in large dumps of the kernel. */
  readonly deletesInterrupt?: boolean;
  /**
   * Emits when events were lost, before `changes` reports it by an `OverrunError`. Events in between may refer to what was lost, and
   * are ignored.
   *
   * @internal
   */
  readonly losses?: () => Observable<unknown>;
  /** Milliseconds after which the snapshot is read again although no event arrived. */
  readonly interval?: number;
  /** Creates an empty store; needed if several objects share a key. */
  readonly store?: () => LiveStore<T>;
}

const OPTIONS: ReadonlySet<string> = new Set<keyof LiveCollectionOptions<object>>([
  'snapshot',
  'changes',
  'key',
  'equals',
  'volatile',
  'significant',
  'partial',
  'barrier',
  'settled',
  'deletesInterrupt',
  'losses',
  'interval',
  'store',
]);

/**
 * Creates a consistent collection: emits all entries, then every change, and after a loss only the differences.
 *
 * Every subscriber first receives `synced` with all entries. An event that arrives while the snapshot is read is neither lost
 * nor emitted twice. All subscribers share one subscription to the source; it ends with the last subscriber.
 *
 * ```text
 * changes:   --x----y-----#-----        x, y events, # = overrun
 * snapshot:  ----ab|      --ac|
 * result:    ------s---y------r(+c)s    s = synced, r = removed b, + = added c
 * ```
 *
 * @example Watch the files of a folder
 * ```ts
 * liveCollection({ snapshot: () => from(listFiles()), changes: () => fileEvents, key: (file) => file.path });
 * ```
 * @public
 */
export function liveCollection<T extends object>(options: LiveCollectionOptions<T>): Observable<LiveChange<T>> {
  checkOptionNames('liveCollection()', options, OPTIONS);
  const { key, snapshot, changes } = options;
  checkFunction('liveCollection(): snapshot', snapshot);
  checkFunction('liveCollection(): changes', changes);
  if (options.store === undefined) checkFunction('liveCollection(): key', key);
  return collectionOf(options);
}

/** Creates the collection of options that are valid; they may have further properties. @internal */
export function collectionOf<T extends object>(options: LiveCollectionOptions<T>): Observable<LiveChange<T>> {
  const resync = resyncSource(options);
  const source = new LiveSource<LiveChange<T>>((subscribers, fail) => new ResyncLoop(resync, subscribers, fail));
  return new Observable((subscriber) => source.subscribe(subscriber));
}

/** Returns what a loop needs, with the defaults of the options. @internal */
export function resyncSource<T extends object>(options: LiveCollectionOptions<T>): ResyncSource<T> {
  const { key, volatile, significant, partial, equals, snapshot, changes, interval } = options;
  return {
    snapshot,
    changes,
    interval,
    losses: options.losses ?? (() => EMPTY),
    barrier: options.barrier ?? (() => EMPTY),
    settled: options.settled ?? (() => EMPTY),
    store: options.store ?? (() => new KeyedStore({ key, volatile, significant, partial, equals })),
    deletesInterrupt: options.deletesInterrupt ?? false,
  };
}
