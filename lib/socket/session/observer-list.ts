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
  /** The number of subscribers: a property, because each request reads it. */
  size = 0;
  #observers: readonly Subscriber<T>[] = NONE;

  add(observer: Subscriber<T>): void {
    // `concat` reserves no space for more, unlike a spread: most streams have one subscriber.
    this.#set(this.#observers.concat(observer));
  }

  remove(observer: Subscriber<T>): void {
    this.#set(this.#observers.filter((one) => one !== observer));
  }

  next(value: T): void {
    for (const observer of this.#observers) observer.next(value);
  }

  /** Empties the list and returns its subscribers, so that an error does not reach a later subscriber. */
  take(): readonly Subscriber<T>[] {
    const observers = this.#observers;
    this.#set(NONE);
    return observers;
  }

  #set(observers: readonly Subscriber<T>[]): void {
    this.size = observers.length;
    this.#observers = this.size === 0 ? NONE : observers;
  }
}
