import type { Subscriber } from 'rxjs';
import type { LiveChange } from '../live-change.js';
import { ResyncLoop, type ResyncSource } from './resync-loop.js';
import { Subscribers } from './subscribers.js';

/**
 * Shares one {@link ResyncLoop} among the subscribers of a collection. The first subscriber starts it, the last one stops it.
 *
 * @internal
 */
export class LiveSource<T> {
  readonly #source: ResyncSource<T>;
  readonly #subscribers = new Subscribers<T>();
  #loop: ResyncLoop<T> | undefined;

  constructor(source: ResyncSource<T>) {
    this.#source = source;
  }

  /** Adds a subscriber. Sends it the current table inside this call if the table is synced. */
  subscribe(subscriber: Subscriber<LiveChange<T>>): void {
    this.#subscribers.add(subscriber);
    subscriber.add(() => {
      this.#subscribers.remove(subscriber);
      if (this.#subscribers.size === 0) this.#stop();
    });
    if (this.#subscribers.size === 1) this.#start();
    else this.#loop?.sendSnapshot(subscriber);
  }

  #start(): void {
    this.#loop = new ResyncLoop(this.#source, this.#subscribers, (error) => this.#fail(error));
    this.#loop.start();
  }

  #stop(): void {
    this.#loop?.stop();
    this.#loop = undefined;
  }

  /** Ends the collection for all subscribers. One that subscribes again in its error handler starts a new loop. */
  #fail(error: unknown): void {
    const subscribers = this.#subscribers.removeAll();
    this.#stop();
    for (const subscriber of subscribers) subscriber.error(error);
  }
}
