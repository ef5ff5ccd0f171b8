import type { Observer, Unsubscribable } from 'rxjs';

/** The part of an RxJS `Subscriber` that a request needs. @internal */
export interface RequestSubscriber {
  readonly closed: boolean;
  add(teardown: Unsubscribable | (() => void)): void;
  error(error: unknown): void;
}

/**
 * Collects the outcome of a stream that a thread waits for.
 *
 * It is the subscriber of a request and its observer in one: the way through RxJS takes six objects for each request. Without a method
 * `remove`, RxJS subscribes it as an observer, and what comes after the end of a stream does not reach it.
 *
 * @internal
 */
export class Outcome<T> implements Observer<T>, RequestSubscriber, Unsubscribable {
  values: T[] | undefined;
  failure: { readonly error: unknown } | undefined;
  closed = false;
  #teardowns: (Unsubscribable | (() => void))[] | undefined;

  add(teardown: Unsubscribable | (() => void)): void {
    if (this.closed) end(teardown);
    // Most requests have one teardown, and one reply: a literal has room for one, and an empty list grows to 17.
    else if (this.#teardowns === undefined) this.#teardowns = [teardown];
    else this.#teardowns.push(teardown);
  }

  next(value: T): void {
    if (this.closed) return;
    if (this.values === undefined) this.values = [value];
    else this.values.push(value);
  }

  error(error: unknown): void {
    if (this.closed) return;
    this.failure = { error };
    this.unsubscribe();
  }

  complete(): void {
    this.unsubscribe();
  }

  unsubscribe(): void {
    const teardowns = this.#teardowns;
    this.closed = true;
    this.#teardowns = undefined;
    if (teardowns !== undefined) for (let index = 0; index < teardowns.length; index++) end(teardowns[index]!);
  }
}

function end(teardown: Unsubscribable | (() => void)): void {
  if (typeof teardown === 'function') teardown();
  else teardown.unsubscribe();
}
