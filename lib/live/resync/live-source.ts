import type { Subscriber } from 'rxjs';
import { Subscribers } from './subscribers.js';

/** Keeps a collection consistent from its first subscriber to the last. @internal */
export interface LiveLoop<Emission> {
  start(): void;
  stop(): void;
  /** Sends the current state to a late subscriber if it is synced. */
  sendSnapshot(subscriber: Subscriber<Emission>): void;
}

/** Creates the loop of a collection. `fail` ends the collection with an error and stops the loop. @internal */
export type CreateLoop<Emission> = (subscribers: Subscribers<Emission>, fail: (error: unknown) => void) => LiveLoop<Emission>;

/**
 * Shares one loop among the subscribers of a collection. The first subscriber starts it, the last one stops it.
 *
 * @internal
 */
export class LiveSource<Emission> {
  readonly #createLoop: CreateLoop<Emission>;
  readonly #subscribers = new Subscribers<Emission>();
  #loop: LiveLoop<Emission> | undefined;

  constructor(createLoop: CreateLoop<Emission>) {
    this.#createLoop = createLoop;
  }

  /** Adds a subscriber. Sends it the current state inside this call if it is synced. */
  subscribe(subscriber: Subscriber<Emission>): void {
    this.#subscribers.add(subscriber);
    subscriber.add(() => {
      this.#subscribers.remove(subscriber);
      if (this.#subscribers.size === 0) this.#stop();
    });
    if (this.#subscribers.size === 1) this.#start();
    else this.#loop?.sendSnapshot(subscriber);
  }

  #start(): void {
    this.#loop = this.#createLoop(this.#subscribers, (error) => this.#fail(error));
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
