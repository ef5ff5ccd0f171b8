import type { Subscriber } from 'rxjs';

/**
 * Those who listen to one stream. Adding and removing makes a new list, so that a delivery goes to who was there when it
 * began, and the common case, the delivery, is a plain loop.
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

  /** Empties the list and returns who was in it: whoever subscribes from now on is not meant by what has just happened. */
  take(): readonly Subscriber<T>[] {
    const observers = this.#observers;
    this.#observers = [];
    return observers;
  }
}
