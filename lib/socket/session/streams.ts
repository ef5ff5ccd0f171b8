import type { Subscriber } from 'rxjs';
import type { Datagram, Message } from '../../wire/index.js';
import { ObserverList } from './observer-list.js';

/** Everybody who listens to a socket, by what they listen to. @internal */
export class SocketStreams {
  readonly datagrams: ObserverList<Datagram> = new ObserverList();
  readonly messages: ObserverList<Message> = new ObserverList();
  readonly #groups = new Map<number, ObserverList<Message>>();

  /** The listeners of a multicast group, if there are any. */
  group(group: number): ObserverList<Message> | undefined {
    return this.#groups.get(group);
  }

  addToGroup(group: number, observer: Subscriber<Message>): void {
    let list = this.#groups.get(group);
    if (list === undefined) this.#groups.set(group, (list = new ObserverList()));
    list.add(observer);
  }

  removeFromGroup(group: number, observer: Subscriber<Message>): void {
    const list = this.#groups.get(group);
    list?.remove(observer);
    if (list?.size === 0) this.#groups.delete(group);
  }

  /** True while somebody sees messages that are nobody's reply, or all of them. */
  get observed(): boolean {
    return this.datagrams.size > 0 || this.messages.size > 0 || this.#groups.size > 0;
  }

  /** Ends all streams of messages: their framing is lost. */
  failMessages(error: unknown): void {
    fail([...this.messages.take(), ...this.#takeGroups()], error);
  }

  /** Ends all streams. */
  failAll(error: unknown): void {
    fail([...this.datagrams.take(), ...this.messages.take(), ...this.#takeGroups()], error);
  }

  #takeGroups(): Subscriber<Message>[] {
    const observers = [...this.#groups.values()].flatMap((list) => list.take());
    this.#groups.clear();
    return observers;
  }
}

function fail(observers: readonly { error(error: unknown): void }[], error: unknown): void {
  for (const observer of observers) observer.error(error);
}
