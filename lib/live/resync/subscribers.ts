import type { Subscriber } from 'rxjs';
import type { SyncReason } from '../live-change.js';

/** The subscribers of a collection. Each receives `synced` first, and only then differences. @internal */
export class Subscribers<Emission> {
  /** The value is true if the subscriber has received `synced`. */
  readonly #members = new Map<Subscriber<Emission>, boolean>();
  /** The subscribers that receive differences; undefined after a change of the members. */
  #receivers: readonly Subscriber<Emission>[] | undefined;

  get size(): number {
    return this.#members.size;
  }

  add(subscriber: Subscriber<Emission>): void {
    this.#set(subscriber, false);
  }

  remove(subscriber: Subscriber<Emission>): void {
    this.#members.delete(subscriber);
    this.#receivers = undefined;
  }

  /** Emits differences to the subscribers that have received `synced`. */
  emit(differences: readonly Emission[]): void {
    if (differences.length === 0) return;
    const receivers = (this.#receivers ??= [...this.#members].flatMap(([subscriber, synced]) => (synced ? [subscriber] : [])));
    for (const difference of differences) for (const receiver of receivers) receiver.next(difference);
  }

  /**
   * Emits `synced` to all subscribers; the reason is `initial` for those that receive it for the first time.
   *
   * @param synced - Creates the emission.
   */
  sync(synced: (reason: SyncReason) => Emission, reason: SyncReason): void {
    for (const [subscriber, isSynced] of [...this.#members]) {
      this.#set(subscriber, true);
      subscriber.next(synced(isSynced ? reason : 'initial'));
    }
  }

  /** Sends the current state to a late subscriber. */
  sendSnapshot(subscriber: Subscriber<Emission>, synced: Emission): void {
    this.#set(subscriber, true);
    subscriber.next(synced);
  }

  /** Removes all subscribers and returns them. */
  removeAll(): Subscriber<Emission>[] {
    const members = [...this.#members.keys()];
    this.#members.clear();
    this.#receivers = undefined;
    return members;
  }

  #set(subscriber: Subscriber<Emission>, isSynced: boolean): void {
    this.#members.set(subscriber, isSynced);
    this.#receivers = undefined;
  }
}
