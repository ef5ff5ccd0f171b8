import type { Subscriber } from 'rxjs';
import type { LiveChange, LiveDifference, SyncReason } from './live-change.js';

/** The subscribers of a collection. Each first hears `synced`, and only then differences. @internal */
export class Audience<T> {
  /** Whether each of them has been told what there is. */
  readonly #members = new Map<Subscriber<LiveChange<T>>, boolean>();

  get size(): number {
    return this.#members.size;
  }

  add(subscriber: Subscriber<LiveChange<T>>): void {
    this.#members.set(subscriber, false);
  }

  remove(subscriber: Subscriber<LiveChange<T>>): void {
    this.#members.delete(subscriber);
  }

  /** Tells those who know the state before. */
  tell(changes: readonly LiveDifference<T>[]): void {
    if (changes.length === 0) return;
    const listeners = [...this.#members].filter(([, greeted]) => greeted);
    for (const change of changes) for (const [listener] of listeners) listener.next(change);
  }

  /** Tells everybody that this is all there is. */
  sync(entries: readonly T[], reason: SyncReason): void {
    for (const [listener, greeted] of [...this.#members]) {
      this.#members.set(listener, true);
      listener.next({ type: 'synced', entries, reason: greeted ? reason : 'initial' });
    }
  }

  /** Tells one who has come late. */
  greet(subscriber: Subscriber<LiveChange<T>>, entries: readonly T[]): void {
    this.#members.set(subscriber, true);
    subscriber.next({ type: 'synced', entries, reason: 'initial' });
  }

  /** Sends everybody away and returns who was there: whoever comes back begins anew. */
  take(): Subscriber<LiveChange<T>>[] {
    const members = [...this.#members.keys()];
    this.#members.clear();
    return members;
  }
}
