import { isKernelError } from '../../errors/index.js';
import { Subscription, asyncScheduler, type Observable, type Subscriber } from 'rxjs';

/** The kernel's end of a stream of packets: a log group or a queue. @internal */
export interface Binding<T> {
  /** Opens the socket and keeps it open. @throws the error of opening. */
  hold(): { unsubscribe(): void };
  /** The packets that arrive at the socket. */
  readonly packets: Observable<T>;
  /** Asks the kernel for the packets; completes when the kernel has agreed. */
  bind(): Observable<unknown>;
  /** Takes the request back; the socket is still open. */
  unbind(): void;
  /** Called when the kernel sends no more packets: after `unbind()`, or because the socket was closed. */
  ended(): void;
}

/**
 * Binds a log group or a queue for all subscribers together.
 *
 * The first subscriber binds it. The last one unbinds it one turn of the event loop after it has left: a subscriber that
 * subscribes again at once after an overrun keeps the binding, and packets that wait in the kernel stay there.
 *
 * @internal
 */
export class SharedBinding<T> {
  readonly #binding: Binding<T>;
  readonly #subscribers = new Set<Subscriber<T>>();
  #held: { unsubscribe(): void } | undefined;
  #running: Subscription | undefined;

  constructor(binding: Binding<T>) {
    this.#binding = binding;
  }

  /** True while the kernel sends packets. */
  get isBound(): boolean {
    return this.#held !== undefined;
  }

  subscribe(subscriber: Subscriber<T>): void {
    this.#subscribers.add(subscriber);
    subscriber.add(() => {
      this.#subscribers.delete(subscriber);
      if (this.#subscribers.size === 0) this.#leave();
    });
    if (this.#running === undefined) this.#start();
  }

  /** Ends all subscriptions with an error. */
  fail(error: unknown): void {
    this.#running?.unsubscribe();
    this.#running = undefined;
    const subscribers = [...this.#subscribers];
    this.#subscribers.clear();
    for (const subscriber of subscribers) subscriber.error(error);
    if (this.#subscribers.size === 0) this.#leave();
  }

  /** Ends the binding without a request to the kernel: the socket is closed. */
  lost(): void {
    this.#held?.unsubscribe();
    if (this.#held === undefined) return;
    this.#held = undefined;
    this.#binding.ended();
  }

  #start(): void {
    const isBound = this.#held !== undefined;
    const running = new Subscription();
    this.#running = running;
    try {
      this.#held ??= this.#binding.hold();
    } catch (error) {
      this.fail(error);
      return;
    }
    const error = (reason: unknown): void => this.fail(reason);
    running.add(
      this.#binding.packets.subscribe({
        next: (packet) => {
          for (const subscriber of this.#subscribers) subscriber.next(packet);
        },
        error,
      }),
    );
    const refuse = (reason: unknown): void => {
      // A rejected request has bound nothing. After another error, such as a lost ack, the kernel may have bound it.
      if (isKernelError(reason)) this.lost();
      this.fail(reason);
    };
    if (!isBound && !running.closed) running.add(this.#binding.bind().subscribe({ error: refuse }));
  }

  /** Unbinds in the next turn of the event loop, unless there is a subscriber by then. */
  #leave(): void {
    asyncScheduler.schedule(() => {
      if (this.#subscribers.size > 0 || this.#held === undefined) return;
      this.#running?.unsubscribe();
      this.#running = undefined;
      try {
        this.#binding.unbind();
      } catch {
        // No caller waits for the error, and the kernel also unbinds when the socket closes.
      } finally {
        this.lost();
      }
    });
  }
}
