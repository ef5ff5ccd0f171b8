import type { Subscriber } from 'rxjs';

/**
 * The subscribers of one stream. Adding and removing copies the list: a delivery reaches the subscribers that were present
 * when it began, and the frequent case, the delivery, is a plain loop.
 *
 * @internal
 */
export class ObserverList<T> {
  #observers: readonly Subscriber<T>[] = [];

  get size(): number {
    return this.#observers.length;
  }

  add(observer: Subscriber<T>): void {
    this.#observers = [...this.#observers, observer];
  }

  remove(observer: Subscriber<T>): void {
    this.#observers = this.#observers.filter((one) => one !== observer);
  }

  next(value: T): void {
    for (const observer of this.#observers) observer.next(value);
  }

  /** Empties the list and returns its subscribers, so that an error does not reach a later subscriber. */
  take(): readonly Subscriber<T>[] {
    const observers = this.#observers;
    this.#observers = [];
    return observers;
  }
}
