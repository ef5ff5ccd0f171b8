import type { Subscriber } from 'rxjs';
import type { LiveChange, LiveDifference, SyncReason } from '../live-change.js';

/** The subscribers of a collection. Each receives `synced` first, and only then differences. @internal */
export class Subscribers<T> {
  /** The value is true if the subscriber has received `synced`. */
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

  /** Emits differences to the subscribers that have received `synced`. */
  emit(changes: readonly LiveDifference<T>[]): void {
    if (changes.length === 0) return;
    const receivers = [...this.#members].filter(([, synced]) => synced);
    for (const change of changes) for (const [receiver] of receivers) receiver.next(change);
  }

  /** Emits `synced` to all subscribers; the reason is `initial` for those that receive it for the first time. */
  sync(entries: readonly T[], reason: SyncReason): void {
    for (const [subscriber, synced] of [...this.#members]) {
      this.#members.set(subscriber, true);
      subscriber.next({ type: 'synced', entries, reason: synced ? reason : 'initial' });
    }
  }

  /** Sends the current table to a late subscriber. */
  sendSnapshot(subscriber: Subscriber<LiveChange<T>>, entries: readonly T[]): void {
    this.#members.set(subscriber, true);
    subscriber.next({ type: 'synced', entries, reason: 'initial' });
  }

  /** Removes all subscribers and returns them. */
  removeAll(): Subscriber<LiveChange<T>>[] {
    const members = [...this.#members.keys()];
    this.#members.clear();
    return members;
  }
}
