import type { Subscriber } from 'rxjs';

/** The list of a stream without subscribers. */
const NONE: readonly never[] = [];

/**
 * The subscribers of one stream. Adding and removing copies the list: a delivery reaches the subscribers that were present
 * when it began, and the frequent case, the delivery, is a plain loop.
 *
 * @internal
 */
export class ObserverList<T> {
  #observers: readonly Subscriber<T>[] = NONE;

  get size(): number {
    return this.#observers.length;
  }

  add(observer: Subscriber<T>): void {
    // `concat` reserves no space for more, unlike a spread: most streams have one subscriber.
    this.#observers = this.#observers.concat(observer);
  }

  remove(observer: Subscriber<T>): void {
    const left = this.#observers.filter((one) => one !== observer);
    this.#observers = left.length === 0 ? NONE : left;
  }

  next(value: T): void {
    for (const observer of this.#observers) observer.next(value);
  }

  /** Empties the list and returns its subscribers, so that an error does not reach a later subscriber. */
  take(): readonly Subscriber<T>[] {
    const observers = this.#observers;
    this.#observers = NONE;
    return observers;
  }
}
