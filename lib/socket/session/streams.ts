import type { Subscriber } from 'rxjs';
import type { Datagram, Message } from '../../wire/index.js';
import { ObserverList } from './observer-list.js';

/** The subscribers of a socket, by stream. @internal */
export class SocketStreams {
  readonly datagrams: ObserverList<Datagram> = new ObserverList();
  readonly messages: ObserverList<Message> = new ObserverList();
  /** Messages of the kernel that answer no request and belong to no group. */
  readonly unsolicited: ObserverList<Message> = new ObserverList();
  /** They learn of a loss before the messages that may be behind it; see `NetlinkSocket.losses`. */
  readonly losses: ObserverList<void> = new ObserverList();
  /** Undefined while no group has a subscriber. */
  #groups: Map<number, ObserverList<Message>> | undefined;

  /** Returns the subscribers of a multicast group; undefined if there are none. */
  group(group: number): ObserverList<Message> | undefined {
    return this.#groups?.get(group);
  }

  addToGroup(group: number, observer: Subscriber<Message>): void {
    const groups = (this.#groups ??= new Map<number, ObserverList<Message>>());
    let list = groups.get(group);
    if (list === undefined) groups.set(group, (list = new ObserverList()));
    list.add(observer);
  }

  removeFromGroup(group: number, observer: Subscriber<Message>): void {
    const list = this.#groups?.get(group);
    list?.remove(observer);
    if (list?.size === 0) this.#groups?.delete(group);
    if (this.#groups?.size === 0) this.#groups = undefined;
  }

  /** True while a stream has a subscriber. */
  get observed(): boolean {
    return this.#groups !== undefined || this.datagrams.size + this.messages.size + this.unsolicited.size > 0;
  }

  /** Ends all streams of messages with an error; `datagrams` goes on. */
  failMessages(error: unknown): void {
    fail([...this.messages.take(), ...this.unsolicited.take(), ...this.#takeGroups()], error);
  }

  /** Ends all streams with an error. */
  failAll(error: unknown): void {
    fail([...this.datagrams.take(), ...this.messages.take(), ...this.unsolicited.take(), ...this.#takeGroups()], error);
  }

  #takeGroups(): Subscriber<Message>[] {
    const observers = [...(this.#groups?.values() ?? [])].flatMap((list) => list.take());
    this.#groups = undefined;
    return observers;
  }
}

function fail(observers: readonly { error(error: unknown): void }[], error: unknown): void {
  for (const observer of observers) observer.error(error);
}
