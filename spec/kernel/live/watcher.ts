import type { Observable, Subscription } from 'rxjs';
import type { LiveChange, LiveDifference } from '../../../lib/index.js';
import { until } from '../../support/sockets.js';

/** Subscribes to a collection and keeps its changes. */
export class Watcher<T extends object> {
  readonly changes: LiveChange<T>[] = [];
  readonly #collection: Observable<LiveChange<T>>;
  readonly #subscription: Subscription;
  error: unknown;

  constructor(collection: Observable<LiveChange<T>>) {
    this.#collection = collection;
    this.#subscription = collection.subscribe({
      next: (change) => this.changes.push(change),
      error: (error: unknown) => (this.error = error),
    });
  }

  /** The snapshot for a late subscriber; undefined while the collection is not in sync. */
  get entries(): readonly T[] | undefined {
    let entries: readonly T[] | undefined;
    this.#collection
      .subscribe((change) => {
        if (change.type === 'synced') entries = change.entries;
      })
      .unsubscribe();
    return entries;
  }

  /** The reason of each snapshot. */
  get reasons(): string[] {
    return this.changes.flatMap((change) => (change.type === 'synced' ? [change.reason] : []));
  }

  /** The differences since the change at `from`. */
  since(from: number): LiveDifference<T>[] {
    return this.changes.slice(from).filter((change): change is LiveDifference<T> => change.type !== 'synced');
  }

  /** Waits until the collection is in sync and its entries fulfil a condition. */
  async has(what: string, holds: (entries: readonly T[]) => boolean = () => true): Promise<readonly T[]> {
    let entries: readonly T[] | undefined;
    await until(
      what,
      () => {
        if (this.error !== undefined) throw this.error as Error;
        entries = this.entries;
        return entries !== undefined && holds(entries);
      },
      20_000,
    );
    return entries!;
  }

  stop(): void {
    this.#subscription.unsubscribe();
  }
}

/** Returns a function that makes a watcher; stops all watchers after each spec. */
export function useWatchers(): <T extends object>(collection: Observable<LiveChange<T>>) => Watcher<T> {
  const watchers: { stop(): void }[] = [];
  afterEach(() => {
    for (const watcher of watchers.splice(0)) watcher.stop();
  });
  return (collection) => {
    const watcher = new Watcher(collection);
    watchers.push(watcher);
    return watcher;
  };
}
