import { Subscription, type Unsubscribable } from 'rxjs';
import { NetlinkError, SocketClosedError } from '../errors/index.js';
import type { ByteRange, Message } from '../wire/index.js';
import { Memberships } from './memberships.js';
import type { SocketSettings } from './options.js';
import { Session } from './session/session.js';
import { SocketStreams } from './session/streams.js';
import { Trace } from './session/trace.js';
import { SocketSetup } from './setup.js';
import type { RequestSubscriber } from './request/outcome.js';
import { SharedNamespace, type NamespaceUser } from './transport/shared-namespace.js';
import type { Transport, TransportConnection, TransportOptions } from './transport/transport.js';

/** The state that a socket passes on to its siblings. @internal */
export interface SiblingContext {
  readonly namespace: SharedNamespace;
  readonly setup: SocketSetup;
}

/**
 * Opens and closes the descriptor of a socket, and holds everything that outlives it: the setup, the multicast groups, the
 * subscribers, the trace.
 *
 * The descriptor is open from the first holder to the last and one turn longer: RxJS's `retry` and `catchError` unsubscribe
 * before they subscribe again. The {@link Session} of an open descriptor owns the connection and closes it.
 *
 * @internal
 */
export class SocketLifecycle implements NamespaceUser, Unsubscribable {
  readonly namespace: SharedNamespace;
  readonly setup: SocketSetup;
  readonly trace: Trace;
  readonly #settings: SocketSettings;
  readonly #transport: Transport;
  readonly #memberships: Memberships;
  #leases: Set<Subscription> | undefined;
  #streams: SocketStreams | undefined;
  #session: Session | undefined;
  #holders = 0;
  #paused = false;
  #closed = false;

  /** @param context - State of the sibling that this socket was made by. */
  constructor(settings: SocketSettings, transport: Transport, context?: SiblingContext) {
    this.namespace = context?.namespace ?? new SharedNamespace(settings.netns);
    this.setup = context?.setup ?? new SocketSetup(settings);
    this.trace = new Trace(settings.protocol);
    this.#settings = settings;
    this.#transport = transport;
    this.#memberships = new Memberships(settings.groups);
  }

  /** True after {@link SocketLifecycle.close}. */
  get closed(): boolean {
    return this.#closed;
  }

  /** The subscribers. A client has a socket for requests and another for notifications; many clients never use one of them. */
  get streams(): SocketStreams {
    return (this.#streams ??= new SocketStreams());
  }

  /** The session of the open descriptor; undefined while the socket is closed. */
  get session(): Session | undefined {
    return this.#session;
  }

  /** The session of the open descriptor. Throws {@link SocketClosedError} while the socket is closed. */
  get openSession(): Session {
    if (this.#session === undefined) throw new SocketClosedError(this.#closed ? 'closed' : 'not open');
    return this.#session;
  }

  /** The connection of the open descriptor; undefined while the socket is closed. */
  get connection(): TransportConnection | undefined {
    return this.#session?.connection;
  }

  /** The connection of the open descriptor. Throws {@link SocketClosedError} while the socket is closed. */
  get openConnection(): TransportConnection {
    return this.openSession.connection;
  }

  set paused(paused: boolean) {
    this.#paused = paused;
    if (this.#session !== undefined) this.#session.setPaused(paused);
  }

  /** Holds the socket open for a subscriber. Returns undefined if it cannot be opened: the subscriber has got the error. */
  hold(subscriber: RequestSubscriber): Session | undefined {
    const session = this.acquire(subscriber);
    if (session !== undefined) subscriber.add(this);
    return session;
  }

  /** Holds the socket open as {@link SocketLifecycle.hold} does; the caller ends the hold. */
  acquire(subscriber: RequestSubscriber): Session | undefined {
    try {
      this.#addHolder();
    } catch (error) {
      subscriber.error(error);
      return undefined;
    }
    return this.#session;
  }

  /** Ends one hold. Subscribers call it at their end: a request is too short to make a function for its own hold. */
  unsubscribe(): void {
    if (--this.#holders > 0) return;
    const session = this.#session;
    this.#transport.defer(() => {
      if (this.#holders === 0 && this.#session === session) this.#end(new SocketClosedError('not open'));
    });
  }

  /**
   * Holds the socket open, and a member of a group, for a subscriber.
   *
   * @param name - The name of the group, for the error of joining it.
   * @returns False if the subscriber has got an error.
   */
  holdGroup(subscriber: RequestSubscriber, group: number, name?: string): boolean {
    if (this.hold(subscriber) === undefined) return false;
    try {
      // Joins a group again that has a holder: the kernel forgets the members when the family of the group is unloaded and loaded.
      this.connection?.join(group);
    } catch (error) {
      subscriber.error(name === undefined ? error : namedGroup(error, group, name));
      return false;
    }
    this.#memberships.addSubscription(group);
    subscriber.add(() => {
      this.#memberships.removeSubscription(group);
      if (!this.#memberships.has(group)) this.#transport.defer(() => this.#leaveUnheld(group));
    });
    return true;
  }

  /** Joins a group until {@link SocketLifecycle.leaveGroup}; a closed socket joins it when it opens. */
  joinGroup(group: number): void {
    this.connection?.join(group);
    this.#memberships.addExplicit(group);
  }

  leaveGroup(group: number): void {
    this.#memberships.removeExplicit(group);
    this.#leaveUnheld(group);
  }

  /** Holds the socket open until the lease is unsubscribed; throws the opening error. */
  lease(): Subscription {
    this.#addHolder();
    const lease = new Subscription(() => this.unsubscribe());
    (this.#leases ??= new Set()).add(lease);
    lease.add(() => this.#leases?.delete(lease));
    return lease;
  }

  /** Closes the socket for good. */
  close(): void {
    this.#closed = true;
    this.#end(new SocketClosedError('closed'));
  }

  /** Closes the descriptor, because its network namespace was deleted. */
  onNamespaceGone(): void {
    this.#end(new SocketClosedError('netns'));
  }

  /** Closes the descriptor; every stream, request and lease ends with the error. The socket may open again. */
  #end(error: NetlinkError): void {
    const session = this.#session;
    if (session === undefined) return;
    this.#session = undefined;
    const leases = this.#leases ?? [];
    this.#leases = undefined;
    this.namespace.release(this);
    // A subscriber that gets the error may open the socket again at once: the state of the old session is gone by then.
    session.end(error);
    for (const lease of leases) lease.unsubscribe();
  }

  #addHolder(): void {
    if (this.#closed) throw new SocketClosedError('closed');
    this.#session ??= this.#open();
    this.#holders++;
  }

  #open(): Session {
    const netns = this.namespace.acquire(this.#transport, this);
    try {
      const connection = this.#connect(netns, {
        receive: (slab) => session.receive(slab),
        closed: (error) => {
          if (this.#session === session) this.#end(error);
        },
      });
      const session = new Session(this.#settings, this.#transport, connection, this.streams, this.trace);
      session.setPaused(this.#paused);
      return session;
    } catch (error) {
      this.namespace.release(this);
      throw error;
    }
  }

  /** Opens a connection, applies the setup and joins the groups. */
  #connect(netns: number | undefined, callbacks: Pick<TransportOptions, 'receive' | 'closed'>): TransportConnection {
    const { protocol, portId, datagramSize } = this.#settings;
    const { ref } = this.setup;
    const findSecrets = (message: Message): readonly ByteRange[] => this.trace.findSecrets(message);
    const connection = this.#transport.open({ protocol, portId, netns, datagramSize, ref, findSecrets, ...callbacks });
    try {
      this.setup.apply(connection, this.trace);
      for (const group of this.#memberships.groups) connection.join(group);
    } catch (error) {
      connection.close();
      throw error;
    }
    return connection;
  }

  #leaveUnheld(group: number): void {
    if (!this.#memberships.has(group)) this.connection?.leave(group);
  }
}

/** Returns the error of joining a group with the name of the group. */
function namedGroup(error: unknown, group: number, name: string): unknown {
  if (!(error instanceof NetlinkError)) return error;
  const { code, errno, operation, message } = error;
  return new NetlinkError(message.replace(`group ${group}:`, `${name} (${group}):`), { code, errno, operation, cause: error });
}
